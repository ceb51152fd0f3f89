-- raw Lua | broken | a global left for others
return function(S)
  leaked = 1
end
