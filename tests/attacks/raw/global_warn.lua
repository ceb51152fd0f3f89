-- raw Lua | broken | warn("@on")
return function(S)
  warn("@on") warn("out")
end
