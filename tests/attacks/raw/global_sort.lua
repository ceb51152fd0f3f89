-- raw Lua | broken | table.sort with an order that is none
return function(S)
  table.sort(S, function() return true end)
end
