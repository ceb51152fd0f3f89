-- hash and memory | judged or over-memory or over-time | long texts that differ at one letter in the middle
return function(S)
  local t, a = {}, "x" for i = 1, 6 do a = a .. a end for i = 1, 5000 do t[a .. i .. a] = i end S[1] = 1
end
