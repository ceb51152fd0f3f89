-- raw Lua | broken or over-memory or over-time | arguments that grow by one at each tail call
return function(S)
  local function f(...) return f(1, ...) end return f()
end
