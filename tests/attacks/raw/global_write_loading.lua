-- raw Lua | broken | a global left for others while loading
leaked = 1
return function() end
