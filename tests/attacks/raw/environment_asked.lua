-- raw Lua | judged | the environment that there is
return function(S)
  if _ENV == nil then S[1] = 1 end
end
