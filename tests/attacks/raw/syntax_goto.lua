-- raw Lua | broken | jumps into blocks and out of functions
return function(S) goto inside do ::inside:: end end
