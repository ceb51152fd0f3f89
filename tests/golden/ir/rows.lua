-- chunk 1, 71 steps
local charge,fail,fault,divide,ceil_scaled,join=...
return function(S,s1)
local s2,s3,s4,s5,s6,s7,s8,s9,s10,s11,s12
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13,v14,v15,v16,v17,v18,v19,v20,v21,v22,v23,v24
s3=nil
v3=S[23]
charge(v3*2)
v4=S[18]
for i1=1,v3 do
 v5=v4[i1]
 if v5 then
  if s3==nil or v5>s3 then s3=v5 end
 end
end
v1=0
s4=0
v5=S[22]
charge(v5*2)
v6=S[14]
for i1=1,v5 do
 v7=v6[i1]
 if v7 then
  s4=s4+v7
  if s4>9007199254740991 or s4<-9007199254740991 then fault(1,1) end
  v1=v1+1
 end
end
if v1==0 then s4=nil else s4=divide(1,s4,v1,0,0) end
s5=nil
charge(v3*5)
v7=S[24]
for i1=1,v3 do
 v8=v7[i1]
 v9=v6[v8]
 if v9 and v9>10000 then
  v10=v4[i1]
  if v10 then
   if s5==nil or v10<s5 then s5=v10 end
  end
 end
end
s7=nil v2=false
charge(v3*5)
v9=S[17]
for i1=1,v3 do
 v8=v4[i1]
 if v8 and v8>=18 then
  v10=v9[i1]
  s7=v10
  v2=true
 end
 if v2 then break end
end
s8=nil v2=false
charge(v5*2)
for i1=v5,1,-1 do
 v8=v6[i1]
 s8=v8
 v2=true
 if v2 then break end
end
s10=0
charge(v5*6)
v12=S[25]
v16=S[13]
for i1=1,v5 do
 repeat
  v8=0
  v13=v12[i1]
  v14=v12[i1+1]
  charge((v14-v13)*4)
  for i2=v13,v14-1 do
   v15=v9[i2]
   v17=v16[i1]
   if v15 and v17 and v15==v17 then
    v8=v8+1
   end
  end
  if v8<=1 then break end
  s10=s10+1
 until true
end
charge(v3*40)
v8=S[19]
v19=S[20]
v20=S[21]
for i0=1,v3 do
 v2=v7[i0]
 v1=((i0-v12[v2]+1)==1)
 v8[i0]=v1
 v1=nil
 repeat
  v10=v4[i0]
  if not v10 then break end
  v11=nil
  v15=v12[v2]
  v17=v12[v2+1]
  charge((v17-v15)*2)
  for i1=v15,v17-1 do
   v18=v4[i1]
   if v18 then
    if v11==nil or v18>v11 then v11=v18 end
   end
  end
  if v11==nil then break end
  v1=(v10==v11)
 until true
 v19[i0]=v1
 v10=v3
 v15=v12[v2]
 v17=v12[v2+1]
 v11=(v17-v15)
 v1=(v10-v11)
 v20[i0]=v1
 v1=false
 repeat
  v10=0
  v14=v12[v2]
  v15=v12[v2+1]
  charge((v15-v14)*4)
  for i1=v14,v15-1 do
   v17=v9[i1]
   v18=v9[i0]
   if v17 and v18 and v17==v18 then
    v10=v10+1
   end
  end
  if v10==1 then break end
  v1=true
 until true
 if v1 then fail(0,i0) end
end
charge(v5*28)
v15=S[15]
v24=S[16]
for i0=1,v5 do
 v1=0
 v11=v12[i0]
 v13=v12[i0+1]
 charge((v13-v11)*4)
 for i1=v11,v13-1 do
  v14=v4[i1]
  if v14 and v14<18 then
   v1=v1+1
  end
 end
 v15[i0]=v1
 v2=nil
 v10=false
 repeat
  v11=v6[i0]
  if not (v11 and s1 and ceil_scaled(v11,2)>s1) then break end
  v13=false
  v18=v12[i0]
  v21=v12[i0+1]
  charge((v21-v18)*8)
  for i1=v18,v21-1 do
   v22=v4[i1]
   if v22 and v22<s1 and v11>1000 then
    v13=true break
   end
  end
  if not v13 then break end
  v10=true
 until true
 if v10 then
  v2=true
 else
  v11=false
  repeat
   v13=v6[i0]
   if (v13 and s1 and ceil_scaled(v13,2)<=s1) then v11=true break end
   repeat
    v14=false
    v21=v12[i0]
    v22=v12[i0+1]
    charge((v22-v21)*8)
    for i1=v21,v22-1 do
     v23=v4[i1]
     if v23 and s1 and v23<s1 and v13 and v13>1000 then
      v14=true break
     end
    end
    v14=v14==false
    if not v14 then break end
    v11=true
   until true
  until true
  if v11 then v2=false end
 end
 v24[i0]=v2
end
s2=0
charge(v5*2)
for i1=1,v5 do
 v10=v15[i1]
 s2=s2+v10
end
v10=", "
s6={} v1=0
charge(v5*5)
for i1=1,v5 do
 v11=v15[i1]
 if v11>0 then
  v13=v16[i1]
  if v13 then
   v1=v1+1 s6[v1]=v13
  end
 end
end
while v1>1 do
 local t,n={},0
 for j=1,v1,50 do n=n+1 t[n]=join(v10,s6[j+0],s6[j+1],s6[j+2],s6[j+3],s6[j+4],s6[j+5],s6[j+6],s6[j+7],s6[j+8],s6[j+9],s6[j+10],s6[j+11],s6[j+12],s6[j+13],s6[j+14],s6[j+15],s6[j+16],s6[j+17],s6[j+18],s6[j+19],s6[j+20],s6[j+21],s6[j+22],s6[j+23],s6[j+24],s6[j+25],s6[j+26],s6[j+27],s6[j+28],s6[j+29],s6[j+30],s6[j+31],s6[j+32],s6[j+33],s6[j+34],s6[j+35],s6[j+36],s6[j+37],s6[j+38],s6[j+39],s6[j+40],s6[j+41],s6[j+42],s6[j+43],s6[j+44],s6[j+45],s6[j+46],s6[j+47],s6[j+48],s6[j+49]) end
 s6=t v1=n
end
s6=s6[1] or ""
s9=false
repeat
 repeat
  v1=false
  charge(v5*4)
  for i1=1,v5 do
   v11=v15[i1]
   if v11>3 then
    v1=true break
   end
  end
  if not v1 then break end
  s9=true
 until true
 if s9 then break end
 repeat
  v1=true
  charge(v5*6)
  for i1=1,v5 do
   v10=false
   repeat
    v17=v12[i1]
    v18=v12[i1+1]
    v11=(v18-v17)
    if v11<=0 then break end
    v10=true
   until true
   if not v10 then v1=false end
   if not v1 then break end
  end
  if not v1 then break end
  s9=true
 until true
 if s9 then break end
 repeat
  v1=false
  charge(v5*2)
  for i1=1,v5 do
   if v24[i1] then
    v1=true break
   end
  end
  v1=not v1
  if not v1 then break end
  s9=true
 until true
until true
s11=0
charge(v5*5)
for i1=1,v5 do
 v10=v15[i1]
 if v10>0 then
  v11=v6[i1]
  if v11 then
   s11=s11+v11
   if s11>9007199254740991 or s11<-9007199254740991 then fault(15,1) end
  end
 end
end
s12=s9
return s2,s3,s4,s5,s6,s7,s8,s10,s11,s12
end
