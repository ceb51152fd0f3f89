-- values | fault or broken | 2^63 milliseconds
return function(S)
  S[1] = add_ms(0, 0, (1 << 63) - 1)
end
