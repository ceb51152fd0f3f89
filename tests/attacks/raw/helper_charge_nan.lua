-- values | broken | NaN steps
return function(S)
  charge(0/0)
end
