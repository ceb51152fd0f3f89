-- raw Lua | broken | surrogates and what lies beyond Unicode
return function(S)
  S[3] = "\u{D800}\u{DFFF}\u{110000}\u{7FFFFFFF}"
end
