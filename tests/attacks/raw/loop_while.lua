-- raw Lua | over-time | while true
return function(S)
  while true do end
end
