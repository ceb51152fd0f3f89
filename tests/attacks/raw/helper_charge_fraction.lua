-- values | broken | half a step
return function(S)
  charge(0.5)
end
