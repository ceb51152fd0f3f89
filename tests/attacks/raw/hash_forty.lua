-- hash and memory | judged | keys of 40 and 41 bytes
return function(S)
  local t, a = {}, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" t[a] = 1 t[a .. "y"] = 2 t["xxxxxxxxxxxxxxxxxxxx" .. "xxxxxxxxxxxxxxxxxxxx"] = 3 S[1] = t[a]
end
