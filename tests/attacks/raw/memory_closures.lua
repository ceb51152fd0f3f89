-- raw Lua | over-memory or over-time | closures without an end
return function(S)
  local t = {} for i = 1, 1e9 do t[i] = function() return i end end
end
