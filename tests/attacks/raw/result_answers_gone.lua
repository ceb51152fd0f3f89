-- raw Lua | judged or broken | all answers gone
return function(S)
  for i = 5, 18 do if i < 10 or i > 15 and i ~= 17  then S[i] = nil end end
end
