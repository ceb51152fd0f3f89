-- values | broken | a bound of a choice
return function(S)
  breach(17, 0, 0, 1)
end
