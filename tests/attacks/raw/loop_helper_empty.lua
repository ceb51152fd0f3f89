-- raw Lua | over-time | helpers on empty texts, which cost nothing
return function(S)
  while true do length("") concat("", "") end
end
