-- chunk 1, 71 steps
local charge,fail,fault,divide,ceil_scaled,join=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13,v14,v15,v16,v17,v18,v19,v20,v21,v22,v23,v24,v25
v1=nil
v4=S[23]
charge(v4*2)
v5=S[18]
for i1=1,v4 do
 v6=v5[i1]
 if v6 then
  if v1==nil or v6>v1 then v1=v6 end
 end
end
S[3]=v1
v2=0
v1=0
v6=S[22]
charge(v6*2)
v7=S[14]
for i1=1,v6 do
 v8=v7[i1]
 if v8 then
  v1=v1+v8
  if v1>9007199254740991 or v1<-9007199254740991 then fault(1,1) end
  v2=v2+1
 end
end
if v2==0 then v1=nil else v1=divide(1,v1,v2,0,0) end
S[4]=v1
v1=nil
charge(v4*5)
v8=S[24]
for i1=1,v4 do
 v9=v8[i1]
 v10=v7[v9]
 if v10 and v10>10000 then
  v11=v5[i1]
  if v11 then
   if v1==nil or v11<v1 then v1=v11 end
  end
 end
end
S[5]=v1
v1=nil v3=false
charge(v4*5)
v10=S[17]
for i1=1,v4 do
 v9=v5[i1]
 if v9 and v9>=18 then
  v11=v10[i1]
  v1=v11
  v3=true
 end
 if v3 then break end
end
S[7]=v1
v1=nil v3=false
charge(v6*2)
for i1=v6,1,-1 do
 v9=v7[i1]
 v1=v9
 v3=true
 if v3 then break end
end
S[8]=v1
v1=0
charge(v6*6)
v13=S[25]
v17=S[13]
for i1=1,v6 do
 repeat
  v9=0
  v14=v13[i1]
  v15=v13[i1+1]
  charge((v15-v14)*4)
  for i2=v14,v15-1 do
   v16=v10[i2]
   v18=v17[i1]
   if v16 and v18 and v16==v18 then
    v9=v9+1
   end
  end
  if v9<=1 then break end
  v1=v1+1
 until true
end
S[10]=v1
charge(v4*40)
v3=S[19]
v19=S[20]
v20=S[21]
for i0=1,v4 do
 v2=v8[i0]
 v1=((i0-v13[v2]+1)==1)
 v3[i0]=v1
 v1=nil
 repeat
  v9=v5[i0]
  if not v9 then break end
  v11=nil
  v15=v13[v2]
  v16=v13[v2+1]
  charge((v16-v15)*2)
  for i1=v15,v16-1 do
   v18=v5[i1]
   if v18 then
    if v11==nil or v18>v11 then v11=v18 end
   end
  end
  if v11==nil then break end
  v1=(v9==v11)
 until true
 v19[i0]=v1
 v9=v4
 v15=v13[v2]
 v16=v13[v2+1]
 v11=(v16-v15)
 v1=(v9-v11)
 v20[i0]=v1
 v1=false
 repeat
  v9=0
  v14=v13[v2]
  v15=v13[v2+1]
  charge((v15-v14)*4)
  for i1=v14,v15-1 do
   v16=v10[i1]
   v18=v10[i0]
   if v16 and v18 and v16==v18 then
    v9=v9+1
   end
  end
  if v9==1 then break end
  v1=true
 until true
 if v1 then fail(0,i0) end
end
charge(v6*28)
v15=S[15]
v16=S[1]
v25=S[16]
for i0=1,v6 do
 v1=0
 v11=v13[i0]
 v12=v13[i0+1]
 charge((v12-v11)*4)
 for i1=v11,v12-1 do
  v14=v5[i1]
  if v14 and v14<18 then
   v1=v1+1
  end
 end
 v15[i0]=v1
 v2=nil
 v9=false
 repeat
  v11=v7[i0]
  if not (v11 and v16 and ceil_scaled(v11,2)>v16) then break end
  v12=false
  v21=v13[i0]
  v22=v13[i0+1]
  charge((v22-v21)*8)
  for i1=v21,v22-1 do
   v23=v5[i1]
   if v23 and v23<v16 and v11>1000 then
    v12=true break
   end
  end
  if not v12 then break end
  v9=true
 until true
 if v9 then
  v2=true
 else
  v11=false
  repeat
   v12=v7[i0]
   if (v12 and v16 and ceil_scaled(v12,2)<=v16) then v11=true break end
   repeat
    v14=false
    v22=v13[i0]
    v23=v13[i0+1]
    charge((v23-v22)*8)
    for i1=v22,v23-1 do
     v24=v5[i1]
     if v24 and v16 and v24<v16 and v12 and v12>1000 then
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
 v25[i0]=v2
end
v1=0
charge(v6*2)
for i1=1,v6 do
 v11=v15[i1]
 v1=v1+v11
end
S[2]=v1
v11=", "
v1={} v2=0
charge(v6*5)
for i1=1,v6 do
 v12=v15[i1]
 if v12>0 then
  v14=v17[i1]
  if v14 then
   v2=v2+1 v1[v2]=v14
  end
 end
end
while v2>1 do
 local t,n={},0
 for j=1,v2,50 do n=n+1 t[n]=join(v11,v1[j+0],v1[j+1],v1[j+2],v1[j+3],v1[j+4],v1[j+5],v1[j+6],v1[j+7],v1[j+8],v1[j+9],v1[j+10],v1[j+11],v1[j+12],v1[j+13],v1[j+14],v1[j+15],v1[j+16],v1[j+17],v1[j+18],v1[j+19],v1[j+20],v1[j+21],v1[j+22],v1[j+23],v1[j+24],v1[j+25],v1[j+26],v1[j+27],v1[j+28],v1[j+29],v1[j+30],v1[j+31],v1[j+32],v1[j+33],v1[j+34],v1[j+35],v1[j+36],v1[j+37],v1[j+38],v1[j+39],v1[j+40],v1[j+41],v1[j+42],v1[j+43],v1[j+44],v1[j+45],v1[j+46],v1[j+47],v1[j+48],v1[j+49]) end
 v1=t v2=n
end
v1=v1[1] or ""
S[6]=v1
v1=false
repeat
 repeat
  v2=false
  charge(v6*4)
  for i1=1,v6 do
   v12=v15[i1]
   if v12>3 then
    v2=true break
   end
  end
  if not v2 then break end
  v1=true
 until true
 if v1 then break end
 repeat
  v2=true
  charge(v6*6)
  for i1=1,v6 do
   v11=false
   repeat
    v21=v13[i1]
    v22=v13[i1+1]
    v12=(v22-v21)
    if v12<=0 then break end
    v11=true
   until true
   if not v11 then v2=false end
   if not v2 then break end
  end
  if not v2 then break end
  v1=true
 until true
 if v1 then break end
 repeat
  v2=false
  charge(v6*2)
  for i1=1,v6 do
   if v25[i1] then
    v2=true break
   end
  end
  v2=not v2
  if not v2 then break end
  v1=true
 until true
until true
S[9]=v1
v2=0
charge(v6*5)
for i1=1,v6 do
 v12=v15[i1]
 if v12>0 then
  v14=v7[i1]
  if v14 then
   v2=v2+v14
   if v2>9007199254740991 or v2<-9007199254740991 then fault(15,1) end
  end
 end
end
S[11]=v2
S[12]=v1
end
