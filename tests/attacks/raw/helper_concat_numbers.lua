-- values | broken | concat of numbers
return function(S)
  S[3] = concat(1, 2)
end
