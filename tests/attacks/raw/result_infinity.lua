-- raw Lua | broken | infinity
return function(S)
  S[2] = 1 / 0
end
