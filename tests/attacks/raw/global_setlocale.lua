-- raw Lua | broken | os.setlocale
return function(S)
  os.setlocale("de_DE")
end
