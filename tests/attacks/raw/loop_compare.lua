-- raw Lua | over-time | a comparison for ever
return function(S)
  local a, b = 0, 1 while a < b do a = a + 0.0 end
end
