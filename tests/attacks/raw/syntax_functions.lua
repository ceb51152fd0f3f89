-- raw Lua | broken | ten thousand functions in one another
return function(S) <%10000 local function f() %> <%10000 end %> end
