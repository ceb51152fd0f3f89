-- raw Lua | broken or over-memory or over-time | two functions that call each other
return function(S)
  local f, g f = function(n) return 1 + g(n) end g = function(n) return 1 + f(n) end S[1] = f(1)
end
