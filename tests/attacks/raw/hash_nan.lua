-- hash and memory | broken | NaN as a key
return function(S)
  local t = {} t[0/0] = 1
end
