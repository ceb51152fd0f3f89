-- raw Lua | broken | a set that is none: "\x08"
return function(S)
  S[14] = "\x08"
end
