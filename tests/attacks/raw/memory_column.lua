-- raw Lua | over-memory or over-time | a column without an end
return function(S)
  local c = S[17] for i = 1, 1e9 do c[i] = "x" end
end
