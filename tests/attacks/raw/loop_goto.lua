-- raw Lua | over-time | goto
return function(S)
  ::a:: goto a
end
