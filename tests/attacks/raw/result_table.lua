-- raw Lua | broken | a table where a number belongs
return function(S)
  S[1] = {}
end
