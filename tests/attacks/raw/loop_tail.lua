-- raw Lua | over-time | a tail call of itself, which needs no stack
return function(S)
  local function f() return f() end
  return f()
end
