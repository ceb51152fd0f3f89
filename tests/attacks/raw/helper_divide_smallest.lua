-- values | fault | the smallest integer divided by -1 and by 0
return function(S)
  S[1] = divide(0, 1 << 63, -1, 18, 0)
end
