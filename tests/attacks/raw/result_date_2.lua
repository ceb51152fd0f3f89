-- raw Lua | broken | a date that is none: -(1 << 62)
return function(S)
  S[10] = -(1 << 62)
end
