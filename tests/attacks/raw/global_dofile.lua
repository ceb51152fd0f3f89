-- raw Lua | broken | dofile of standard input
return function(S)
  dofile()
end
