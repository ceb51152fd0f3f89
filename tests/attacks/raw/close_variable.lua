-- raw Lua | broken | a to-be-closed variable without a __close
return function(S)
  local x <close> = {}
end
