-- hash and memory | over-memory or over-time | a hundred thousand texts as keys
return function(S)
  local t = {} for i = 1, 100000 do t["k" .. i] = true end
end
