-- raw Lua | broken | collectgarbage("generational")
return function(S)
  collectgarbage("generational")
end
