-- values | fault or broken | a moment at the end of time and 2^62 months
return function(S)
  S[1] = add_months_instant(0, 0, 1 << 62)
end
