-- raw Lua | broken | a time that is none: 86400000
return function(S)
  S[11] = 86400000
end
