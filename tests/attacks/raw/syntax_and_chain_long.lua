-- raw Lua | over-time | half a million ands, whose compiling would take minutes
return function(S) S[4] = true<%500000  and S%> end
