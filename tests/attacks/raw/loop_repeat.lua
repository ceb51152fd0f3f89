-- raw Lua | over-time | repeat until false
return function(S)
  repeat until false
end
