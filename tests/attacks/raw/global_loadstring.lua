-- raw Lua | broken | loadstring
return function(S)
  S[1] = loadstring("return 1")()
end
