-- raw Lua | broken | setmetatable with a finalizer that loops
return function(S)
  setmetatable({}, {__gc = function() while true do end end})
end
