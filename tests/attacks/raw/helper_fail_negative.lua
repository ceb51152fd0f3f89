-- values | broken | check -1
return function(S)
  fail(-1, 0)
end
