-- values | broken | a product whose rule does not exist
return function(S)
  S[1] = mul(99, 1 << 62, 1 << 62)
end
