-- raw Lua | broken | a decimal that is none: 1.5
return function(S)
  S[15] = 1.5
end
