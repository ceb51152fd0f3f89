-- values | broken or fault | the end of the month of day 2^62
return function(S)
  S[1] = end_of_month(1 << 62)
end
