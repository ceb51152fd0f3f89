-- raw Lua | broken | a date that is none: "x"
return function(S)
  S[10] = "x"
end
