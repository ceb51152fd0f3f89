-- raw Lua | judged | a whole double where an integer belongs
return function(S)
  S[1] = 2.0
end
