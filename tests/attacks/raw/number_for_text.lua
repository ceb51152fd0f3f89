-- values | judged or broken | a for over texts
return function(S)
  for i = "1", "2" do end
end
