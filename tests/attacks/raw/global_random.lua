-- raw Lua | broken | math.random
return function(S)
  S[1] = math.random(9)
end
