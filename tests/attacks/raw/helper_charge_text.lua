-- values | broken or judged | a text as a price
return function(S)
  charge("1")
end
