-- raw Lua | broken | a date that is none: 2932897
return function(S)
  S[10] = 2932897
end
