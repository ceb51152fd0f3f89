-- raw Lua | judged | a number of a hundred thousand digits
return function(S) local x = <%100000 9%> S[1] = 1 end
