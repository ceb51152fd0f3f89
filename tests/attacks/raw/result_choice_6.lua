-- raw Lua | broken | a choice that is none: "two"
return function(S)
  S[13] = "two"
end
