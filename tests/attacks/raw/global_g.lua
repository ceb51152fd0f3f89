-- raw Lua | broken | _G
return function(S) _G.leaked = 1 end
