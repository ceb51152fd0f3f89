-- raw Lua | judged | minus zero
return function(S)
  S[2] = -0.0
end
