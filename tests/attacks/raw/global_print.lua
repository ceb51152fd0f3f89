-- raw Lua | broken | print
return function(S)
  print("out")
end
