-- raw Lua | over-steps | a loop that charges
return function(S)
  while true do charge(1) end
end
