-- values | judged | option 2^32 - 1 of a set
return function(S)
  S[4] = has("\xff", (1 << 32) - 1)
end
