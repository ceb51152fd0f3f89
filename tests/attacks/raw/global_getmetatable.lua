-- raw Lua | broken | the metatable of texts
return function(S)
  getmetatable("").__index.upper = function() return "owned" end
end
