-- raw Lua | judged or broken | an environment of its own is an empty table
return function(S)
  local _ENV = {} x = 1 S[1] = x
end
