-- values | judged | a for at the edge of the integers
return function(S)
  local n = 0 for i = (1 << 63) - 1 - 2, (1 << 63) - 1 do n = n + 1 end S[1] = n
end
