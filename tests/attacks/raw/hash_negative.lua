-- hash and memory | judged | negative and huge indexes
return function(S)
  local t = {} t[-1] = 1 t[1 << 63] = 2 t[(1 << 63) - 1] = 3 t[1e300] = 4 S[1] = t[-1]
end
