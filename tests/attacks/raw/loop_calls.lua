-- raw Lua | over-time | calls for ever
return function(S)
  local function f() end
  while true do f() end
end
