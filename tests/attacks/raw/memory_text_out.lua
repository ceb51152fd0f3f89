-- raw Lua | judged or over-memory or over-time | a result of four million bytes
return function(S)
  local s = "x" for i = 1, 22 do s = s .. s end S[3] = s
end
