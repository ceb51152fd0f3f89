-- values | broken | an infinite bound
return function(S)
  breach(6, 0, 0, 1 / 0)
end
