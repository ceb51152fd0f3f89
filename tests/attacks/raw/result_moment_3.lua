-- raw Lua | broken | a moment that is none: {}
return function(S)
  S[12] = {}
end
