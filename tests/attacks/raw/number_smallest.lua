-- values | judged | the smallest integer divided by -1, negated, shifted
return function(S)
  local m = 1 << 63 S[1] = ((m // -1) ~ m) + (m % -1) + (-m ~ m)
end
