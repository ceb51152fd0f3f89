-- raw Lua | broken | a table instead of a function
return {}
