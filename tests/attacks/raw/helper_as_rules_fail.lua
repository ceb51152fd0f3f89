-- raw Lua | broken | fail(S)
return fail
