-- raw Lua | over-time | new texts for ever
return function(S)
  local i = 0 while true do i = i + 1 local s = i .. "x" end
end
