-- raw Lua | broken | a table in a column
return function(S)
  S[17][1] = {}
end
