-- raw Lua | judged or broken | a million results
return function(S)
  local t = {} for i = 1, 100 do t[i] = i end local function f(n, ...) if n == 0 then return ... end return f(n - 1, n, ...) end S[1] = (f(250))
end
