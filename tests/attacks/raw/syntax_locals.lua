-- raw Lua | broken | three hundred local variables
return function(S) <%300 local a$ = $ %> end
