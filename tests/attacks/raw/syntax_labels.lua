-- raw Lua | judged | ten thousand labels and jumps
return function(S) <%10000 goto l$ ::l$:: %> S[1] = 1 end
