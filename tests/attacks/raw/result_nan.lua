-- raw Lua | broken | NaN
return function(S)
  S[2] = -(0 / 0)
end
