-- raw Lua | over-memory or over-steps or judged or over-time | what a judging leaves for the next adds up
return function(S)
  S.kept = {S.kept, {}, {}, {}} local t = S.kept for i = 1, 10000 do t = {t} end S.kept = t
end
