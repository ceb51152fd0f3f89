-- raw Lua | broken | a function
return function(S)
  S[1] = charge
end
