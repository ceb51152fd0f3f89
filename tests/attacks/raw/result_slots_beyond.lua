-- raw Lua | judged | slots that do not exist
return function(S)
  S[0] = 1 S[-1] = 1 S[20] = 1 S[4294967297] = 1 S.x = 1
end
