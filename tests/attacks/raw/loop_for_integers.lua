-- raw Lua | over-time | a for over 2^62
return function(S)
  for i = 1, (1 << 62) do end
end
