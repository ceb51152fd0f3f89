-- values | broken | ten to the -1st
return function(S)
  S[1] = divide(0, 1, 3, -1, 0)
end
