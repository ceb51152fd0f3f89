-- values | broken | text of a kind that does not exist
return function(S)
  S[3] = text_of(99, 0, 1)
end
