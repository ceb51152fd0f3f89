-- raw Lua | broken | the slots themselves
return function(S)
  S[1] = S
end
