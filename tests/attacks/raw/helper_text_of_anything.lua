-- values | broken or judged | text of a table that claims to be a text
return function(S)
  S[3] = text_of(1, 0, {})
end
