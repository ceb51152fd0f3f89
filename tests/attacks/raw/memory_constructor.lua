-- raw Lua | over-memory or over-time or broken | a constructor of a million items
return function(S) local t = {<%1000000 1,%>} S[1] = #t end
