-- raw Lua | over-time | a chain of tables that bites its tail
return function(S)
  local t = {} t.next = t while t do t = t.next end
end
