-- values | judged | substring from the smallest to the largest integer
return function(S)
  local a = substring("abc", 1 << 63, (1 << 63) - 1) local b = substring("abc", (1 << 63) - 1, (1 << 63) - 1) local c = substring("abc", 1, (1 << 63) - 1) S[1] = 1
end
