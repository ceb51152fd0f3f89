-- raw Lua | over-memory or over-time | rows of the slots table without an end
return function(S)
  for i = 1, 1e9 do S[i] = i end
end
