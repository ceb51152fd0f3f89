-- values | broken | a row of the form
return function(S)
  fail(0, 1)
end
