-- values | judged or over-time | a million bounds broken
return function(S)
  for i = 1, 1000000 do breach(5, 0, 1, i) end
end
