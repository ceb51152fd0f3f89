-- values | broken | bits of a text
return function(S)
  S[1] = "1" | 1
end
