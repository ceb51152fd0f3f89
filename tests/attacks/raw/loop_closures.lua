-- raw Lua | over-time | closures for ever
return function(S)
  local f while true do f = function() return f end end
end
