-- values | broken | a bound that is no date
return function(S)
  breach(14, 0, 0, 5) breach(15, 0, 0, 1 << 62)
end
