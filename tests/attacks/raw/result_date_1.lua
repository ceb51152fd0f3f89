-- raw Lua | broken | a date that is none: 1 << 40
return function(S)
  S[10] = 1 << 40
end
