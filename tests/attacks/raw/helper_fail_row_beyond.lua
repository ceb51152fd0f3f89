-- values | broken | row 4 of 3
return function(S)
  fail(1, 4)
end
