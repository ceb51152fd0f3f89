-- raw Lua | broken | a for whose step is 0
return function(S)
  for i = 1, 10, 0 do end
end
