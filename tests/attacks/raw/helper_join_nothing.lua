-- values | judged or broken | join of nothing
return function(S)
  S[3] = join("x") local a = join() S[1] = 1
end
