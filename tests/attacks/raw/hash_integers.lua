-- hash and memory | over-time or judged | sixteen thousand integers that all fall on one place
return function(S)
  local t = {} for i = 1, 16000 do t[i * 32767] = true end S[1] = 1
end
