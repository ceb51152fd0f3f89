-- values | broken or fault or judged | days and months at the edge of the integers
return function(S)
  S[1] = year(1 << 62)
end
