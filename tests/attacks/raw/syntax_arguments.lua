-- raw Lua | broken | three hundred arguments
return function(S) S[1] = size(nil<%300 , $%>) end
