-- hash and memory | over-memory or over-time | thirty-three thousand that fall on one place only when the table has grown
return function(S)
  local t = {} for i = 1, 33000 do t[i * 65535] = true end S[1] = 1
end
