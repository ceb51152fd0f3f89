-- values | broken | a bound of the form itself
return function(S)
  breach(0, 0, 0, 5)
end
