-- chunk 1, 60 steps
local charge,fail,breach,fault,length=...
return function(S,s3,s5,s9,s12)
local s1,s2,s4,s6,s7,s8,s10,s11
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13
s8=s9
if not s8 then
 S[20]=0
end
s10=s9
v1=S[20]
charge(v1*31)
v3=S[16]
v5=S[17]
v7=S[14]
v8=S[15]
v10=S[13]
v12=S[19]
v13=S[18]
for i0=1,v1 do
 v4=v3[i0]
 v6=v5[i0]
 v2=nil if v4 and v6 then v2=(v4*v6) end
 v7[i0]=v2
 v4=nil if v2 then v4=(v2//5) end
 v8[i0]=v4
 v9=nil if v2 and v4 then v9=(v2-v4) end
 v10[i0]=v9
 v11=v6 and v6>1
 v12[i0]=v11
 if not v11 then
  v13[i0]=nil
 end
 if v11 then
  if v9 and v9<=0 then fail(0,i0) end
 end
end
v2=0
charge(v1*2)
for i1=1,v1 do
 v9=v13[i1]
 if v9 then
  v2=v2+v9
  if v2>9007199254740991 or v2<-9007199254740991 then fault(7,1) end
 end
end
s7=(v2>100)
s4=s7
if not s4 then
 s3=nil
end
if s4 then
 if s3 then
  if s5 and s3>s5 then
   breach(3,0,1,s5)
   s3=nil
  end
 end
end
s2=nil
repeat
 v2=0
 charge(v1*2)
 for i1=1,v1 do
  v9=v10[i1]
  if v9 then
   v2=v2+v9
  end
 end
 if not s3 then break end
 s2=(v2+s3)
 if s2>9007199254740991 or s2<-9007199254740991 then fault(10,1) end
until true
s1=nil
repeat
 if not s2 then break end
 s1=(s2+1)
 if s1>9007199254740991 or s1<-9007199254740991 then fault(11,1) end
until true
s6=s7
s11=s10 and s1 and s1>50
if not s11 then
 s12=nil
end
if s11 then
 if s12 and length(s12)>=200 then fail(1,0) end
end
return s1,s2,s4,s6,s8,s10,s11
end
