-- hash and memory | judged or over-time | doubles as keys: fractions, 2^53, -0.0
return function(S)
  local t = {} for i = 1, 5000 do t[i + 0.5] = i t[2.0^53 * i] = i end t[-0.0] = 1 S[1] = t[0]
end
