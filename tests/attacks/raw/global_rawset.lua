-- raw Lua | broken | rawset on shared tables
return function(S)
  rawset(S, 1, 1)
end
