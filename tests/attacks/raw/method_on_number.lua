-- raw Lua | broken | methods of numbers, booleans, nil, functions
return function(S)
  S[1] = (5).x or (true).x or charge.x
end
