-- values | broken | a bound in row 4 of 3
return function(S)
  breach(13, 3, 0, 5) breach(13, 4, 0, 5)
end
