-- raw Lua | broken | xpcall with a handler that loops, which no hook stops
return function(S)
  xpcall(charge, function() while true do end end, -1)
end
