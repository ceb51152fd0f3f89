-- values | judged or over-memory or over-time or over-steps | case that makes a text longer, again and again
return function(S)
  local t = "ŉΐ" for i = 1, 16 do t = concat(t, t) end for i = 1, 10 do t = upper(t) end S[1] = length(t)
end
