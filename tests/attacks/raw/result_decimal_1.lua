-- raw Lua | broken | a decimal that is none: 9007199254740992
return function(S)
  S[15] = 9007199254740992
end
