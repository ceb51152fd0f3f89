-- values | broken | a text that ends within a character
return function(S)
  local t = "\xf0\x9f\x98" S[1] = length(t) + words(t) local a = upper(t) local b = substring(t, 1, 1) local c = lower(t)
end
