-- raw Lua | broken | debug.sethook() takes the watchdog away
return function(S)
  debug.sethook() while true do end
end
