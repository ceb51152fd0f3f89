-- raw Lua | broken | a moment that is none: 1 << 62
return function(S)
  S[12] = 1 << 62
end
