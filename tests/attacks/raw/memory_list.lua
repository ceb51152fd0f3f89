-- raw Lua | over-memory or over-time | a list without an end
return function(S)
  local t while true do t = {t} end
end
