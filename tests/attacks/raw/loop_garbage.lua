-- raw Lua | over-time | garbage for ever
return function(S)
  while true do local t = {{}, {}, function() return S end} end
end
