-- raw Lua | broken | a coroutine has no hook of its own
return function(S)
  coroutine.wrap(function() while true do end end)()
end
