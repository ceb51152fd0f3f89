-- raw Lua | over-time | an iterator without an end
return function(S)
  local function f() return 1 end
  for i in f do end
end
