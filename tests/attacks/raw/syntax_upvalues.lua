-- raw Lua | broken | three hundred upvalues
<%100 local a$ = $ %> local function f() <%100 local b$ = $ %> local function g() <%100 local c$ = $ %> return function() return a1<%100  + a$ + b$ + c$%> end end end return function(S) end
