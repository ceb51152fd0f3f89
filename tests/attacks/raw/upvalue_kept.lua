-- isolation | judged | a value kept beside the rules stays with this program
local kept = {}
return function(S) kept.n = S[5] S[1] = kept.n end
