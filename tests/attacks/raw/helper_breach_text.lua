-- values | broken | a bound of a text
return function(S)
  breach(7, 0, 0, 5)
end
