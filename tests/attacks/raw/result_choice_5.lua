-- raw Lua | broken | a choice that is none: 1 << 62
return function(S)
  S[13] = 1 << 62
end
