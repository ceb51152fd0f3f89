-- raw Lua | broken | a choice that is none: 0
return function(S)
  S[13] = 0
end
