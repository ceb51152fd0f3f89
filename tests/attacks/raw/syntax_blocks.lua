-- raw Lua | broken | a hundred thousand blocks in one another
return function(S) <%100000 do %> <%100000 end %> end
