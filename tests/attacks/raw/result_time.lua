-- raw Lua | judged | a time as it may be
return function(S)
  S[11] = 0
end
