-- raw Lua | judged or over-memory or over-time | results of a megabyte in each row
return function(S)
  local s = "x" for i = 1, 20 do s = s .. s end S[3] = s for r = 1, 3 do S[17][r] = s end
end
