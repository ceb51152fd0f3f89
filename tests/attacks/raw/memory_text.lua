-- raw Lua | over-memory or over-time | a text that doubles
return function(S)
  local s = "x" while true do s = s .. s end
end
