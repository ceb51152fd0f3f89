-- raw Lua | over-time | a helper for ever, that charges nothing
return function(S)
  while true do size(nil) end
end
