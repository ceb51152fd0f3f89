-- values | broken | a bound of a repeat
return function(S)
  breach(10, 0, 0, 5)
end
