-- raw Lua | broken | no column
return function(S)
  S[17] = nil
end
