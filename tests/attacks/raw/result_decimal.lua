-- raw Lua | judged | a decimal as it may be
return function(S)
  S[15] = 9007199254740991
end
