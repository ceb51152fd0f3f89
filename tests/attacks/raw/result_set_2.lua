-- raw Lua | broken | a set that is none: "\x00\x01"
return function(S)
  S[14] = "\x00\x01"
end
