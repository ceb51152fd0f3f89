-- raw Lua | judged | a to-be-closed nil
return function(S)
  for i = 1, 10 do local x <close> = nil if i == 5 then break end end S[1] = 1
end
