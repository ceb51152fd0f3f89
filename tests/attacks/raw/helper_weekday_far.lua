-- values | broken or judged | the weekday of day -2^63
return function(S)
  S[1] = weekday(1 << 63)
end
