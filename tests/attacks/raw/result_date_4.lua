-- raw Lua | broken | a date that is none: -719163
return function(S)
  S[10] = -719163
end
