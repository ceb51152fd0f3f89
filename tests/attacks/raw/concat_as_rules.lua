-- raw Lua | broken | concat(S)
return concat
