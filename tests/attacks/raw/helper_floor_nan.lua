-- values | fault | the floor of NaN
return function(S)
  S[1] = floor_number(0, 0 / 0)
end
