-- values | broken | fault 0 and fault 99
return function(S)
  fault(0, 99)
end
