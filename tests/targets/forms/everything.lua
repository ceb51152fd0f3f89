-- formwright lua 1: form everything, c64abec73defcd5787b0dff5f4d2a0c5ccadc8a1f10cd52fe223d2e1936a3496
-- chunk 1, 26 steps
local charge,fault,concat=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7
v1=S[7]
S[12]=v1
S[26]=S[1]~=nil
v2=v1
S[28]=v2
if not v2 then
 S[41]=0
end
v2=nil
repeat
 v3=S[10]
 if not v3 then break end
 v7=S[37]
 v4=v7
 v2=(v3*v4)
 if v2>9007199254740991 or v2<-9007199254740991 then fault(3,1) end
until true
S[29]=v2
v3=S[1]
v2=nil if v3 then v2=concat("Hello ",v3) end
S[30]=v2
v2=S[37]
charge(v2*5)
v4=S[31]
v5=S[33]
for i0=1,v2 do
 v5[i0]=v4[i0]~=nil
end
end
