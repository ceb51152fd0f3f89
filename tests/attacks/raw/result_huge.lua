-- raw Lua | broken | integers beyond the exact ones
return function(S)
  S[1] = (1 << 63)
end
