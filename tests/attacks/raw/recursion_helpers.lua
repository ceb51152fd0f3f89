-- raw Lua | broken or over-memory or over-time | recursion between helper calls
return function(S)
  local function f(n) return concat("x", f(n + 1)) end S[3] = f(1)
end
