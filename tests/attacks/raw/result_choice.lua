-- raw Lua | judged | a choice as it may be
return function(S)
  S[13] = 3
end
