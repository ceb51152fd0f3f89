-- values | broken or fault | the date of 2^63 milliseconds
return function(S)
  S[1] = date_of(0, (1 << 63) - 1)
end
