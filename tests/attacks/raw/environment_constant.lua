-- raw Lua | broken | <const> on _ENV, which once confused the parser
return function(S)
  local _ENV <const> = nil; S[1] = x
end
