-- patterns | judged or over-steps | a needle half as long as its haystack of 2^18 letters
return function(S)
  local t = "a" for i = 1, 17 do t = t .. t end S[4] = contains(t .. t, t .. "b")
end
