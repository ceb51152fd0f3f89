-- values | broken or judged or fault | between the smallest and the largest integer
return function(S)
  S[1] = minutes_between(1 << 63, (1 << 63) - 1)
end
