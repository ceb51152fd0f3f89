-- raw Lua | over-steps | charging while loading
charge(1)
return function() end
