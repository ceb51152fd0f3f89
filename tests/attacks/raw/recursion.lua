-- raw Lua | broken or over-memory or over-time | recursion without an end
return function(S)
  local function f(n) return 1 + f(n + 1) end S[1] = f(1)
end
