-- raw Lua | judged | the time zone while loading
local d = date_of(0, 0)
return function(S) S[1] = d end
