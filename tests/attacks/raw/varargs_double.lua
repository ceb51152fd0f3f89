-- raw Lua | broken or over-memory or over-time | arguments that double at each call
return function(S)
  local function f(...) return f(..., ...) , f(1, ...) end f(1)
end
