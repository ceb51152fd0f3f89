-- values | broken | a fault that is none
return function(S)
  fault(0, 0)
end
