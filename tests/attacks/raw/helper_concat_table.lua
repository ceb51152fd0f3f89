-- values | broken | concat of a table
return function(S)
  S[3] = concat("x", {})
end
