-- raw Lua | broken | require
return function(S)
  require("os").exit(1)
end
