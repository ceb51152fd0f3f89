-- values | judged | shifts by 64, -64 and the smallest integer
return function(S)
  S[1] = (1 << 64) + (1 << -64) + (1 >> (1 << 63)) + (1 << (1 << 63))
end
