-- patterns | judged or over-memory or over-time | texts of two million letters that differ at their ends, compared a thousand times
return function(S)
  local t = "a" for i = 1, 21 do t = t .. t end local a, b = t .. "b", t .. "c" local n = 0 for i = 1, 1000 do if a < b then n = n + 1 end end S[1] = n
end
