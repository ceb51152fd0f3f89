-- values | broken | rounding to the 99th digit
return function(S)
  S[1] = round(1, 99)
end
