-- values | broken | the smallest integer as a price
return function(S)
  charge(1 << 63)
end
