-- raw Lua | judged | numbers that become texts by .. are texts by Lua
return function(S)
  S[3] = 1 .. "x" .. 2.5
end
