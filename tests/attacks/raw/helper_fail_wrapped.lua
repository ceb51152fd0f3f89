-- values | broken | check 2^32
return function(S)
  fail(1 << 32, 0)
end
