-- chunk 1, 60 steps
local charge,fail,breach,fault,length=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13,v14,v15,v16,v17,v18
v2=S[9]
v1=v2
S[8]=v1
if not v1 then
 S[20]=0
end
v3=v2
S[10]=v3
v4=S[20]
charge(v4*31)
v6=S[16]
v8=S[17]
v10=S[14]
v11=S[15]
v13=S[13]
v15=S[19]
v16=S[18]
for i0=1,v4 do
 v7=v6[i0]
 v9=v8[i0]
 v5=nil if v7 and v9 then v5=(v7*v9) end
 v10[i0]=v5
 v7=nil if v5 then v7=(v5//5) end
 v11[i0]=v7
 v12=nil if v5 and v7 then v12=(v5-v7) end
 v13[i0]=v12
 v14=v9 and v9>1
 v15[i0]=v14
 if not v14 then
  v16[i0]=nil
 end
 if v14 then
  if v12 and v12<=0 then fail(0,i0) end
 end
end
v7=0
charge(v4*2)
for i1=1,v4 do
 v14=v16[i1]
 if v14 then
  v7=v7+v14
  if v7>9007199254740991 or v7<-9007199254740991 then fault(7,1) end
 end
end
v5=(v7>100)
S[7]=v5
v7=v5
S[4]=v7
if not v7 then
 S[3]=nil
end
if v7 then
 v9=S[3]
 if v9 then
  v14=S[5]
  if v14 and v9>v14 then
   breach(3,0,1,v14)
   S[3]=nil v9=nil
  end
 end
end
v9=nil
repeat
 v12=0
 charge(v4*2)
 for i1=1,v4 do
  v18=v13[i1]
  if v18 then
   v12=v12+v18
  end
 end
 v14=S[3]
 if not v14 then break end
 v9=(v12+v14)
 if v9>9007199254740991 or v9<-9007199254740991 then fault(10,1) end
until true
S[2]=v9
v12=nil
repeat
 if not v9 then break end
 v12=(v9+1)
 if v12>9007199254740991 or v12<-9007199254740991 then fault(11,1) end
until true
S[1]=v12
S[6]=v5
v14=v3 and v12 and v12>50
S[11]=v14
if not v14 then
 S[12]=nil
end
if v14 then
 v17=S[12]
 if v17 and length(v17)>=200 then fail(1,0) end
end
end
