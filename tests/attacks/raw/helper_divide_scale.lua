-- values | broken | ten to the 19th
return function(S)
  S[1] = divide(0, 1, 3, 19, 0)
end
