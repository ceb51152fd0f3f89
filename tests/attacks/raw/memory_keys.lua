-- raw Lua | over-memory or over-time | a table of texts without an end
return function(S)
  local t = {} for i = 1, 1e9 do t["k" .. i] = true end
end
