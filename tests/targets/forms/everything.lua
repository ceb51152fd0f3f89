-- formwright lua 1: form everything, c262ad6243ff7043fb5b008b3cf46daebf236a1391f33f909d3c54dd3f2de02a
-- chunk 1, 26 steps
local charge,fault,concat=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7
v1=S[7]
S[12]=v1
S[28]=S[1]~=nil
v2=v1
S[30]=v2
if not v2 then
 S[43]=0
end
v2=nil
repeat
 v3=S[10]
 if not v3 then break end
 v7=S[39]
 v4=v7
 v2=(v3*v4)
 if v2>9007199254740991 or v2<-9007199254740991 then fault(3,1) end
until true
S[31]=v2
v3=S[1]
v2=nil if v3 then v2=concat("Hello ",v3) end
S[32]=v2
v2=S[39]
charge(v2*5)
v4=S[33]
v5=S[35]
for i0=1,v2 do
 v5[i0]=v4[i0]~=nil
end
end
