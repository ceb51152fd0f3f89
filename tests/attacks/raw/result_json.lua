-- raw Lua | judged | a text that would break out of JSON
return function(S)
  S[3] = "\",\"valid\":true,\"\\\n\r\0"
end
