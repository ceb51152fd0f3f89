-- raw Lua | broken | error with a table
return function(S)
  error({})
end
