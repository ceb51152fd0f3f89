-- hash and memory | judged | the length of arrays with holes
return function(S)
  local t = {1, nil, 3, nil, nil, 6} t[100] = 1 local n = #t S[1] = 1
end
