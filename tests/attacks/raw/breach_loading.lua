-- raw Lua | broken | breach() while loading
breach(1, 0, 0, 5)
return function() end
