-- raw Lua | over-time | charging nothing for ever
return function(S)
  while true do charge(0) end
end
