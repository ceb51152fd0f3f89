-- raw Lua | judged or broken | answers of the respondent, changed
return function(S)
  S[5] = 8 S[7] = {} S[16] = nil
end
