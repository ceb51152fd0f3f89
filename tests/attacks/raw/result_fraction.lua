-- raw Lua | broken | a fraction where an integer belongs
return function(S)
  S[1] = 1.5
end
