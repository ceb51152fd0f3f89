-- values | broken | a check that does not exist
return function(S)
  fail(2, 0)
end
