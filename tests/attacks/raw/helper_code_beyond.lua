-- values | broken | the code of option 2^31
return function(S)
  S[3] = code(0, 1 << 31)
end
