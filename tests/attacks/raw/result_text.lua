-- raw Lua | broken or judged | a text where an integer belongs
return function(S)
  S[1] = "7"
end
