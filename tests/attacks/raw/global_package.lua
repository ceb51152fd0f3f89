-- raw Lua | broken | package.loadlib
return function(S)
  package.loadlib("libc.so.6", "system")
end
