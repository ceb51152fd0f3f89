-- values | judged or broken | rounding the smallest integer
return function(S)
  S[1] = round(1 << 63, 18) + floor_scaled(1 << 63, 18) + ceil_scaled(1 << 63, 1)
end
