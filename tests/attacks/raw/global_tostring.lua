-- raw Lua | broken | addresses out of tables
return function(S)
  S[3] = tostring({})
end
