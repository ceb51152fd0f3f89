-- values | broken | a table less than a table
return function(S)
  S[4] = {} < {}
end
