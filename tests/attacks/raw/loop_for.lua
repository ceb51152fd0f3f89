-- raw Lua | over-time | a for over doubles
return function(S)
  for i = 1, 1e308 do end
end
