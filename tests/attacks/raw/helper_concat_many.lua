-- values | judged or broken or over-memory | concat of two hundred thousand texts
return function(S)
  local t, n = {}, 0 local function f(k, ...) if k == 0 then return concat(...) end return f(k - 1, "x", ...) end S[1] = length(f(240))
end
