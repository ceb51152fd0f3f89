-- values | broken | bits of a fraction
return function(S)
  S[1] = 1.5 | 1
end
