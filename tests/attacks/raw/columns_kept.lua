-- isolation | judged | what is written past the rows of this judging
return function(S)
  for r = 4, 50 do S[17][r] = "left" S[16][r] = "left" end
end
