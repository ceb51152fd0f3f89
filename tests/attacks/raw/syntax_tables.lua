-- raw Lua | broken | a hundred thousand tables in one another
return function(S) local t = <%100000 {%><%100000 }%> end
