-- raw Lua | broken or judged | the slots as a column of their own
return function(S)
  S[17] = S
end
