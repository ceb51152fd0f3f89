-- raw Lua | broken | texts that would become numbers
return function(S)
  S[1] = "10" + 1
end
