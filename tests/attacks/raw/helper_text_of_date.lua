-- values | broken | text of day 2^62
return function(S)
  S[3] = text_of(7, 0, 1 << 62)
end
