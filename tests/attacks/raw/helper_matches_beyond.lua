-- values | broken | pattern 1 of 1
return function(S)
  S[4] = matches(1, "x")
end
