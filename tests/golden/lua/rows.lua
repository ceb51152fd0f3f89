-- chunk 1, 50 steps
local charge,fail,fault,divide,join=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13,v14,v15,v16,v17,v18,v19,v20,v21,v22,v23,v24,v25,v26
v1=nil v3=false
v4=S[19]
charge(v4*2)
v5=S[9]
for i1=v4,1,-1 do
 v6=v5[i1]
 v1=v6
 v3=true
 if v3 then break end
end
S[5]=v1
charge(v4*4)
v2=S[10]
v3=S[11]
for i0=1,v4 do
 v1=v2[i0]
 v3[i0]=v1
end
charge(v4*32)
v8=S[22]
v11=S[17]
v13=S[12]
v14=S[13]
v16=S[14]
v17=S[15]
for i0=1,v4 do
 if v3[i0] then
  v1=0
  v9=v8[i0]
  v10=v8[i0+1]
  charge((v10-v9)*4)
  for i1=v9,v10-1 do
   v12=v11[i1]
   if v12 and v12<18 then
    v1=v1+1
   end
  end
 else
  v1=0
 end
 v13[i0]=v1
 v6=i0
 v14[i0]=v6
 v6=nil
 repeat
  v7=v5[i0]
  if not v7 then break end
  v10=0
  v9=0
  charge(v4*2)
  for i1=1,v4 do
   v15=v5[i1]
   if v15 then
    v9=v9+v15
    if v9>9007199254740991 or v9<-9007199254740991 then fault(4,1) end
    v10=v10+1
   end
  end
  if v10==0 then v9=nil else v9=divide(4,v9,v10,0,0) end
  if v9==nil then break end
  v6=(v7>v9)
 until true
 v16[i0]=v6
 v9=v5[i0]
 v7=nil if v9 then v7=divide(5,v9,(1+v1),0,0) end
 v17[i0]=v7
end
v1=S[20]
charge(v1*19)
v6=S[21]
v12=S[1]
v15=S[18]
v24=S[16]
for i0=1,v1 do
 v7=v6[i0]
 if v3[v7] then
  v10=v11[i0]
  v9=nil if v10 and v12 then v9=(v10>v12) end
  v15[i0]=v9
  v18=false
  repeat
   if v3[v7] then
    v19=0
    v22=v8[v7]
    v23=v8[v7+1]
    charge((v23-v22)*4)
    for i1=v22,v23-1 do
     v25=v24[i1]
     v26=v24[i0]
     if v25 and v26 and v25==v26 then
      v19=v19+1
     end
    end
   else
    v19=0
   end
   if v19==1 then break end
   v18=true
  until true
  if v18 then fail(0,i0) end
 end
end
v7=0
charge(v4*2)
for i1=1,v4 do
 v18=v13[i1]
 v7=v7+v18
end
S[2]=v7
v7=nil
charge(v1*2)
for i1=1,v1 do
 v18=v6[i1]
 if v3[v18] then
  v19=v11[i1]
  if v19 then
   if v7==nil or v19>v7 then v7=v19 end
  end
 end
end
S[3]=v7
v7=nil v10=false
charge(v1*3)
for i1=1,v1 do
 v18=v6[i1]
 if v3[v18] then
  if v15[i1] then
   v19=v24[i1]
   v7=v19
   v10=true
  end
 end
 if v10 then break end
end
S[4]=v7
v18=", "
v7={} v9=0
charge(v1*5)
for i1=1,v1 do
 v19=v6[i1]
 if v3[v19] then
  v20=v11[i1]
  if v20 and v12 and v20>=v12 then
   v21=v24[i1]
   if v21 then
    v9=v9+1 v7[v9]=v21
   end
  end
 end
end
while v9>1 do
 local t,n={},0
 for j=1,v9,50 do n=n+1 t[n]=join(v18,v7[j+0],v7[j+1],v7[j+2],v7[j+3],v7[j+4],v7[j+5],v7[j+6],v7[j+7],v7[j+8],v7[j+9],v7[j+10],v7[j+11],v7[j+12],v7[j+13],v7[j+14],v7[j+15],v7[j+16],v7[j+17],v7[j+18],v7[j+19],v7[j+20],v7[j+21],v7[j+22],v7[j+23],v7[j+24],v7[j+25],v7[j+26],v7[j+27],v7[j+28],v7[j+29],v7[j+30],v7[j+31],v7[j+32],v7[j+33],v7[j+34],v7[j+35],v7[j+36],v7[j+37],v7[j+38],v7[j+39],v7[j+40],v7[j+41],v7[j+42],v7[j+43],v7[j+44],v7[j+45],v7[j+46],v7[j+47],v7[j+48],v7[j+49]) end
 v7=t v9=n
end
v7=v7[1] or ""
S[6]=v7
v7=false
repeat
 repeat
  v9=false
  charge(v4*4)
  for i1=1,v4 do
   v19=v13[i1]
   if v19>3 then
    v9=true break
   end
  end
  if not v9 then break end
  v7=true
 until true
 if v7 then break end
 repeat
  v9=false
  charge(v4*2)
  for i1=1,v4 do
   if v16[i1] then
    v9=true break
   end
  end
  v9=not v9
  if not v9 then break end
  v7=true
 until true
until true
S[7]=v7
v7=true
charge(v4*6)
for i1=1,v4 do
 v10=false
 repeat
  if v3[i1] then
   v21=v8[i1]
   v22=v8[i1+1]
   v18=(v22-v21)
  else
   v18=0
  end
  if v18>=3 then break end
  v10=true
 until true
 if not v10 then v7=false end
 if not v7 then break end
end
S[8]=v7
end
