-- values | judged or over-memory or over-time | a million complaints
return function(S)
  for i = 1, 1000000 do fail(1, i % 3 + 1) end
end
