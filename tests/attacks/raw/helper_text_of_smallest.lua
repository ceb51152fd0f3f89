-- values | broken | text of the smallest integer
return function(S)
  S[3] = text_of(3, 9, 1 << 63)
end
