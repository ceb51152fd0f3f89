-- raw Lua | broken | collectgarbage("stop")
return function(S)
  collectgarbage("stop") local t = {} while true do t = {t} end
end
