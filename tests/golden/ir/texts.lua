-- chunk 1, 22 steps
local fail=...
return function(S)
local v1,v2
v1=S[1]
v2=S[3]
if v1 and v2 and v1==v2 then fail(0,0) end
S[7]=v2~=nil
if S[4]==nil and S[5]==nil then fail(1,0) end
end
