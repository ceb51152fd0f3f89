-- raw Lua | judged or broken | four thousand ands, which Lua compiles in quadratic time
return function(S) S[4] = true<%4000  and $ < 9999%> end
