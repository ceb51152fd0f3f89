-- raw Lua | judged or broken | the column of answers as the computed one
return function(S)
  S[17] = S[16]
end
