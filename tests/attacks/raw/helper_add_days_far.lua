-- values | fault | 2^62 days
return function(S)
  S[1] = add_days(0, 0, 1 << 62)
end
