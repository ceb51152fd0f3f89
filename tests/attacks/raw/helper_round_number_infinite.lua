-- values | broken | rounding infinity
return function(S)
  S[2] = round_number(1 / 0, 2)
end
