-- raw Lua | broken | a set that is none: "\xff\xff\xff\xff"
return function(S)
  S[14] = "\xff\xff\xff\xff"
end
