-- values | broken | steps given back
return function(S)
  charge(-1) while true do charge(1) end
end
