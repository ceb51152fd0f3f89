-- raw Lua | judged | a date as it may be
return function(S)
  S[10] = 0
end
