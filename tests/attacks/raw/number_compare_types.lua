-- values | broken | a text less than a number
return function(S)
  S[4] = "1" < 2
end
