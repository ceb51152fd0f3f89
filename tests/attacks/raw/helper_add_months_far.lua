-- values | fault | -2^63 months
return function(S)
  S[1] = add_months(0, 0, 1 << 63)
end
