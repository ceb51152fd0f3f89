-- values | broken | text of a decimal with 99 digits
return function(S)
  S[3] = text_of(4, 99, 1)
end
