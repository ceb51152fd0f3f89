-- values | broken | integers divided by 0
return function(S)
  S[1] = 1 // 0
end
