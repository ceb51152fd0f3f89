-- raw Lua | broken | a time that is none: 1 << 62
return function(S)
  S[11] = 1 << 62
end
