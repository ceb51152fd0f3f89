-- values | judged or broken | a bound of what is computed
return function(S)
  breach(1, 0, 1, 5)
end
