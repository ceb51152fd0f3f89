-- raw Lua | broken | pcall around what ends a judging
return function(S)
  while true do pcall(charge, 1) end
end
