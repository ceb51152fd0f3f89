-- values | judged | the empty text replaced
return function(S)
  S[3] = replace("abc", "", "x")
end
