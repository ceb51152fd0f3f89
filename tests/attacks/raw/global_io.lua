-- raw Lua | broken | io.write
return function(S)
  io.write("out")
end
