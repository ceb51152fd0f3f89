-- values | over-memory or over-steps | a long separator between many
return function(S)
  local s = "x" for i = 1, 20 do s = s .. s end S[3] = join(s, "a", "b", "c", "d")
end
