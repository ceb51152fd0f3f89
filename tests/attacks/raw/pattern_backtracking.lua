-- patterns | judged or over-steps | a pattern helper on a text of a hundred thousand letters
return function(S)
  local t = "a" for i = 1, 17 do t = t .. t end S[4] = matches(0, t)
end
