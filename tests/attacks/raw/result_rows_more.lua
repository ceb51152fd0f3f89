-- raw Lua | judged | more rows than there are
return function(S)
  S[19] = 1e9 S[17][1000] = "x"
end
