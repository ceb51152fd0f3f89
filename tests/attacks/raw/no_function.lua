-- raw Lua | broken | a number instead of a function
return 5
