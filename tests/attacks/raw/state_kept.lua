-- isolation | judged or broken | a counter kept in the slots
return function(S)
  S.count = (S.count or 0) S[1] = S.count
end
