-- values | judged | powers that leave the doubles
return function(S)
  S[2] = 2.0 ^ 0.5 S[4] = 10.0 ^ 400 > 1
end
