-- raw Lua | broken | debug.getregistry
return function(S)
  local r = debug.getregistry() r[1] = nil
end
