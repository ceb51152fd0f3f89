-- raw Lua | broken | a decimal that is none: -(1 << 63)
return function(S)
  S[15] = -(1 << 63)
end
