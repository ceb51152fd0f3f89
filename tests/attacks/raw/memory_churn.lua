-- raw Lua | over-memory or over-time or judged | tables that grow and shrink near the limit, each time a full collection
return function(S)
  local keep = {} for i = 1, 400000 do keep[i] = i end
  for i = 1, 1e9 do local t = {} for k = 1, 20000 do t[k] = k end end
end
