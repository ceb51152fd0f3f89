-- raw Lua | broken | a number instead of a column
return function(S)
  S[17] = 5
end
