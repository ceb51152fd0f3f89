-- values | broken | a bound beyond the exact numbers
return function(S)
  breach(5, 0, 0, 1 << 62)
end
