-- raw Lua | broken | ("x"):rep(2^40)
return function(S)
  S[3] = ("x"):rep(1 << 40)
end
