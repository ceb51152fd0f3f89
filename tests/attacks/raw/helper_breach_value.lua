-- values | broken | a table as a bound
return function(S)
  breach(5, 0, 0, {})
end
