-- raw Lua | broken | a set that is none: 5
return function(S)
  S[14] = 5
end
