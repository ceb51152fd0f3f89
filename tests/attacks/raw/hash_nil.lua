-- hash and memory | broken | nil as a key
return function(S)
  local t = {} t[nil] = 1
end
