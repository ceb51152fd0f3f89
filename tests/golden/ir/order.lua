-- chunk 1, 60 steps
local charge,fail,breach,fault,length=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13,v14,v15,v16,v17
v2=S[9]
v1=v2
S[8]=v1
if not v1 then
 S[20]=0
end
v1=v2
S[10]=v1
v3=S[20]
charge(v3*31)
v5=S[16]
v7=S[17]
v9=S[14]
v10=S[15]
v12=S[13]
v14=S[19]
v15=S[18]
for i0=1,v3 do
 v6=v5[i0]
 v8=v7[i0]
 v4=nil if v6 and v8 then v4=(v6*v8) end
 v9[i0]=v4
 v6=nil if v4 then v6=(v4//5) end
 v10[i0]=v6
 v11=nil if v4 and v6 then v11=(v4-v6) end
 v12[i0]=v11
 v13=v8 and v8>1
 v14[i0]=v13
 if not v13 then
  v15[i0]=nil
 end
 if v13 then
  if v11 and v11<=0 then fail(0,i0) end
 end
end
v6=0
charge(v3*2)
for i1=1,v3 do
 v13=v15[i1]
 if v13 then
  v6=v6+v13
  if v6>9007199254740991 or v6<-9007199254740991 then fault(7,1) end
 end
end
v4=(v6>100)
S[7]=v4
v6=v4
S[4]=v6
if not v6 then
 S[3]=nil
end
if v6 then
 v8=S[3]
 if v8 then
  v13=S[5]
  if v13 and v8>v13 then
   breach(3,0,1,v13)
   S[3]=nil v8=nil
  end
 end
end
v8=nil
repeat
 v11=0
 charge(v3*2)
 for i1=1,v3 do
  v17=v12[i1]
  if v17 then
   v11=v11+v17
  end
 end
 v13=S[3]
 if not v13 then break end
 v8=(v11+v13)
 if v8>9007199254740991 or v8<-9007199254740991 then fault(10,1) end
until true
S[2]=v8
v11=nil
repeat
 if not v8 then break end
 v11=(v8+1)
 if v11>9007199254740991 or v11<-9007199254740991 then fault(11,1) end
until true
S[1]=v11
S[6]=v4
v13=v1 and v11 and v11>50
S[11]=v13
if not v13 then
 S[12]=nil
end
if v13 then
 v16=S[12]
 if v16 and length(v16)>=200 then fail(1,0) end
end
end
