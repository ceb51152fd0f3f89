-- raw Lua | broken | ipairs, select, table.unpack
return function(S)
  for i, v in ipairs(S) do S[1] = i end
end
