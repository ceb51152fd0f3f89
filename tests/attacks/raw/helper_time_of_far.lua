-- values | broken or fault | the time of -2^63 milliseconds
return function(S)
  S[1] = time_of(1 << 63)
end
