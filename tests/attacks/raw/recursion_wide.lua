-- raw Lua | over-time or broken or over-memory | recursion that branches 2^60 times
return function(S)
  local function f(n) if n > 0 then f(n - 1) f(n - 1) end end f(60)
end
