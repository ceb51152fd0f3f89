-- raw Lua | broken | os.exit
return function(S)
  os.exit(1)
end
