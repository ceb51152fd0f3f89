-- values | broken | no price
return function(S)
  charge()
end
