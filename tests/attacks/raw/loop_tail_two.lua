-- raw Lua | over-time | two functions that tail call each other
return function(S)
  local f, g
  f = function() return g() end
  g = function() return f() end
  return f()
end
