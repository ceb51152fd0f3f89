-- values | fault | the root of -1
return function(S)
  S[2] = sqrt(0, -1.0)
end
