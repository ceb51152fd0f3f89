-- values | broken | the length of a number
return function(S)
  S[1] = #5
end
