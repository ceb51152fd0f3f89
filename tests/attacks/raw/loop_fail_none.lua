-- raw Lua | over-time | more helpers for ever
return function(S)
  while true do has("x", 1) year(1) end
end
