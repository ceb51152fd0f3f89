-- values | fault | a product beyond the exact numbers
return function(S)
  S[1] = mul(0, 1 << 62, 1 << 62)
end
