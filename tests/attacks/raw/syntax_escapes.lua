-- raw Lua | broken | escapes beyond Unicode
return function(S) S[3] = "\u{7FFFFFFF}\xff\999" end
