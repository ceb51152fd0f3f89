-- values | broken or judged or fault | years between days 2^62 apart
return function(S)
  S[1] = years_between(1 << 62, -(1 << 62))
end
