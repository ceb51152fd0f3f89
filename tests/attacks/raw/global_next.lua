-- raw Lua | broken | next and pairs: order depends on addresses
return function(S)
  for k in pairs(S) do S[1] = k end
end
