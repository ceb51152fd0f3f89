-- raw Lua | judged or broken | a hundred thousand constants
return function(S) local x = 0 <%100000 x = $.5 %> S[1] = 1 end
