-- formwright lua 1: form everything, b86bd5086d2f7e378c772eb7ba44e77d3aef84f60b541234bfd2681192610477
-- chunk 1, 354 steps
local charge,fault,score,concat,add_ms=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10
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
v2=v1
S[65]=v2
if not v2 then
 S[64]=nil
end
S[67]=(S[66]~=nil or S[68]~=nil or S[70]~=nil or S[72]~=nil or S[74]~=nil)
S[69]=(S[66]~=nil or S[68]~=nil or S[70]~=nil or S[72]~=nil or S[74]~=nil)
S[71]=(S[66]~=nil or S[68]~=nil or S[70]~=nil or S[72]~=nil or S[74]~=nil)
S[73]=(S[66]~=nil or S[68]~=nil or S[70]~=nil or S[72]~=nil or S[74]~=nil)
S[76]=(S[75]~=nil or S[77]~=nil or S[79]~=nil or S[81]~=nil or S[83]~=nil)
S[78]=(S[75]~=nil or S[77]~=nil or S[79]~=nil or S[81]~=nil or S[83]~=nil)
S[80]=(S[75]~=nil or S[77]~=nil or S[79]~=nil or S[81]~=nil or S[83]~=nil)
S[82]=(S[75]~=nil or S[77]~=nil or S[79]~=nil or S[81]~=nil or S[83]~=nil)
v2=nil
repeat
 v3=S[84]
 if not v3 then break end
 v2=add_ms(22,v3,43200000)
until true
S[86]=v2
S[89]=S[1]~=nil
v2=v1
S[91]=v2
if not v2 then
 S[105]=0
end
v2=nil
repeat
 v3=S[10]
 if not v3 then break end
 v7=S[101]
 v4=v7
 v2=(v3*v4)
 if v2>9007199254740991 or v2<-9007199254740991 then fault(25,1) end
until true
S[92]=v2
v2=nil
repeat
 if (S[62]~=nil or S[63]~=nil or S[64]~=nil) then
  v5=S[62]
  v4=nil if v5 then v4=score(0,v5) end
  if v4==nil then
   v4=0
  end
  v8=S[63]
  v7=nil if v8 then v7=score(0,v8) end
  if v7==nil then
   v7=0
  end
  v10=S[64]
  v9=nil if v10 then v9=score(0,v10) end
  if v9==nil then
   v9=0
  end
  v6=(v7+v9)
  v3=(v4+v6)
 else
  v3=nil
 end
 if v3==nil then break end
 if (S[66]~=nil or S[68]~=nil or S[70]~=nil or S[72]~=nil or S[74]~=nil) then
  v5=1
 else
  v5=0
 end
 if (S[75]~=nil or S[77]~=nil or S[79]~=nil or S[81]~=nil or S[83]~=nil) then
  v6=1
 else
  v6=0
 end
 v4=(v5+v6)
 v2=(v3+v4)
 if v2>9007199254740991 or v2<-9007199254740991 then fault(26,1) end
until true
S[93]=v2
v3=S[1]
v2=nil if v3 then v2=concat("Hello ",v3) end
S[94]=v2
v2=S[101]
charge(v2*5)
v4=S[95]
v5=S[97]
for i0=1,v2 do
 v5[i0]=v4[i0]~=nil
end
end
