-- raw Lua | broken | writing to a <const>
return function(S)
  local x <const> = 5 x = 6
end
