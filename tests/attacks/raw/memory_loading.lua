-- raw Lua | over-memory or over-time | an array without an end while loading
local t = {} for i = 1, 1e9 do t[i] = i end
return function() end
