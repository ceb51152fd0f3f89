-- raw Lua | over-memory or over-time | texts without an end
return function(S)
  local t = {} for i = 1, 1e9 do t[i] = "text number " .. i end
end
