-- values | over-memory or over-steps | each of 2^17 letters replaced by 2^17
return function(S)
  local t = "x" for i = 1, 17 do t = t .. t end S[3] = replace(t, "x", t)
end
