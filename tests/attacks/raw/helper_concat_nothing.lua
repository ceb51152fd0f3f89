-- values | judged or broken | concat of nothing
return function(S)
  S[3] = concat() S[1] = size(concat())
end
