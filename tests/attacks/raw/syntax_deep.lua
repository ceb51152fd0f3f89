-- raw Lua | broken | a hundred thousand parentheses for the parser of Lua
return function(S) S[1] = <%100000 (%>1<%100000 )%> end
