-- values | broken | option 0
return function(S)
  S[4] = has("\xff", 0)
end
