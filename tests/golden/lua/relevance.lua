-- chunk 1, 55 steps
local charge,fail,breach,fault,length=...
return function(S,s1,s2,s5,s10)
local s3,s4,s7,s8,s9,s11
local v1,v2,v3,v4,v5
s3=(s1==1 or s1==2)
if not s3 then
 s2=nil
end
s4=s2 and s2>10
if not s4 then
 s5=nil
 s10=nil
 S[13]=0
end
s7=s4 and s5 and length(s5)>20
s8=nil
if s7 then
 s8=s2 and s2>100
end
s9=nil
if s4 then
 s9=nil
 repeat
  if not s2 then break end
  s9=(s2*2)
  if s9>9007199254740991 or s9<-9007199254740991 then fault(4,1) end
 until true
 if s10 then
  if s2 and s10>s2 then
   breach(7,0,1,s2)
   s10=nil
  end
 end
 if s10 and s9 and s10>=s9 then fail(0,0) end
end
s11=0
v3=S[13]
charge(v3*2)
v4=S[12]
for i1=1,v3 do
 v5=v4[i1]
 if v5 then
  s11=s11+v5
  if s11>9007199254740991 or s11<-9007199254740991 then fault(7,1) end
 end
end
charge(v3*9)
for i0=1,v3 do
 v1=v4[i0]
 if v1 and s2 and v1>=s2 then fail(1,i0) end
end
return s9,s11,s3,s4,s7,s8
end
