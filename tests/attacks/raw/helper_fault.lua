-- values | fault | a fault as the compiler writes it
return function(S)
  fault(0, 1)
end
