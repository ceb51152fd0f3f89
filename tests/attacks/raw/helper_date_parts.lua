-- values | judged | a year, month and day that are none
return function(S)
  S[1] = date(1 << 62, 1 << 62, 1 << 62) or date(0, 0, 0) or date(-1, 13, 32) or 1
end
