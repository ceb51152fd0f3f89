-- raw Lua | broken | a choice that is none: 1 << 32
return function(S)
  S[13] = 1 << 32
end
