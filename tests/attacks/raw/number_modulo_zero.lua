-- values | broken | the rest of a division by 0
return function(S)
  S[1] = 1 % 0
end
