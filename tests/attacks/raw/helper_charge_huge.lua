-- values | over-steps | more steps than there are
return function(S)
  charge((1 << 63) - 1)
end
