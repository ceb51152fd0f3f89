-- values | broken | option 4 of 3
return function(S)
  S[1] = score(0, 4)
end
