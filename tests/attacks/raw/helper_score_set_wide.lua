-- values | judged or over-memory | a set of a million bits
return function(S)
  local s = "\xff" for i = 1, 17 do s = s .. s end S[1] = score_set(0, s) + size(s)
end
