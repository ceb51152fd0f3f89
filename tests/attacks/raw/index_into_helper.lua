-- raw Lua | broken | fields of a helper
return function(S)
  charge.x = 1
end
