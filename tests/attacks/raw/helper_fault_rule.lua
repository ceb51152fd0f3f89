-- values | broken | a fault of rule 77
return function(S)
  fault(77, 1)
end
