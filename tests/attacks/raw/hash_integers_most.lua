-- hash and memory | over-memory or over-time | sixty-six thousand integers that fall on one place when the table has grown to hold them
return function(S)
  local t = {} for i = 1, 66000 do t[i * 131071] = true end
end
