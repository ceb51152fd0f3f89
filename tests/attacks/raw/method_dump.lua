-- raw Lua | broken | ("").dump, ("").format
return function(S)
  S[3] = ("%99999d"):format(1)
end
