-- raw Lua | broken | bytes that are no UTF-8 in a text
return function(S)
  S[3] = "\xff\xfe\0\x1b[2J"
end
