-- formwright lua 1: form everything, 95cf3bd300f1962374329fb6f941c867678fd062892fcdb79ae320dd8e58b6db
-- chunk 1, 179 steps
local charge,fault,concat=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7
v1=S[7]
S[12]=v1
S[28]=(S[27]~=nil or S[29]~=nil or S[31]~=nil or S[32]~=nil)
S[30]=(S[27]~=nil or S[29]~=nil or S[31]~=nil or S[32]~=nil)
S[38]=(S[37]~=nil or S[39]~=nil or S[41]~=nil or S[43]~=nil or S[45]~=nil)
S[40]=(S[37]~=nil or S[39]~=nil or S[41]~=nil or S[43]~=nil or S[45]~=nil)
S[42]=(S[37]~=nil or S[39]~=nil or S[41]~=nil or S[43]~=nil or S[45]~=nil)
S[44]=(S[37]~=nil or S[39]~=nil or S[41]~=nil or S[43]~=nil or S[45]~=nil)
S[48]=(S[46]~=nil or S[47]~=nil or S[49]~=nil or S[51]~=nil or S[53]~=nil)
S[50]=(S[46]~=nil or S[47]~=nil or S[49]~=nil or S[51]~=nil or S[53]~=nil)
S[52]=(S[46]~=nil or S[47]~=nil or S[49]~=nil or S[51]~=nil or S[53]~=nil)
S[55]=(S[54]~=nil or S[56]~=nil or S[57]~=nil or S[59]~=nil or S[61]~=nil or v1)
S[58]=(S[54]~=nil or S[56]~=nil or S[57]~=nil or S[59]~=nil or S[61]~=nil)
S[60]=(S[54]~=nil or S[56]~=nil or S[57]~=nil or S[59]~=nil or S[61]~=nil)
S[64]=S[1]~=nil
v2=v1
S[66]=v2
if not v2 then
 S[79]=0
end
v2=nil
repeat
 v3=S[10]
 if not v3 then break end
 v7=S[75]
 v4=v7
 v2=(v3*v4)
 if v2>9007199254740991 or v2<-9007199254740991 then fault(15,1) end
until true
S[67]=v2
v3=S[1]
v2=nil if v3 then v2=concat("Hello ",v3) end
S[68]=v2
v2=S[75]
charge(v2*5)
v4=S[69]
v5=S[71]
for i0=1,v2 do
 v5[i0]=v4[i0]~=nil
end
end
