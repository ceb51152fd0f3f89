-- raw Lua | broken | ("a"):find(".-b"), which looks at no clock
return function(S)
  S[1] = (S[7]):find(".-.-.-.-b")
end
