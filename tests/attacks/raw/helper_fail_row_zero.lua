-- values | broken | row 0 of the rows
return function(S)
  fail(1, 0)
end
