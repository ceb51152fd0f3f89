-- chunk 1, 50 steps
local charge,fail,fault,divide,join=...
return function(S,s1)
local s2,s3,s4,s5,s6,s7,s8
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10,v11,v12,v13,v14,v15,v16,v17,v18,v19,v20,v21,v22,v23,v24,v25
s5=nil v2=false
v3=S[19]
charge(v3*2)
v4=S[9]
for i1=v3,1,-1 do
 v5=v4[i1]
 s5=v5
 v2=true
 if v2 then break end
end
charge(v3*4)
v2=S[10]
v5=S[11]
for i0=1,v3 do
 v1=v2[i0]
 v5[i0]=v1
end
charge(v3*32)
v8=S[22]
v11=S[17]
v13=S[12]
v14=S[13]
v16=S[14]
v17=S[15]
for i0=1,v3 do
 if v5[i0] then
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
  v7=v4[i0]
  if not v7 then break end
  v10=0
  v9=0
  charge(v3*2)
  for i1=1,v3 do
   v15=v4[i1]
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
 v9=v4[i0]
 v7=nil if v9 then v7=divide(5,v9,(1+v1),0,0) end
 v17[i0]=v7
end
v1=S[20]
charge(v1*19)
v6=S[21]
v12=S[18]
v23=S[16]
for i0=1,v1 do
 v7=v6[i0]
 if v5[v7] then
  v10=v11[i0]
  v9=nil if v10 and s1 then v9=(v10>s1) end
  v12[i0]=v9
  v15=false
  repeat
   if v5[v7] then
    v18=0
    v21=v8[v7]
    v22=v8[v7+1]
    charge((v22-v21)*4)
    for i1=v21,v22-1 do
     v24=v23[i1]
     v25=v23[i0]
     if v24 and v25 and v24==v25 then
      v18=v18+1
     end
    end
   else
    v18=0
   end
   if v18==1 then break end
   v15=true
  until true
  if v15 then fail(0,i0) end
 end
end
s2=0
charge(v3*2)
for i1=1,v3 do
 v10=v13[i1]
 s2=s2+v10
end
s3=nil
charge(v1*2)
for i1=1,v1 do
 v10=v6[i1]
 if v5[v10] then
  v15=v11[i1]
  if v15 then
   if s3==nil or v15>s3 then s3=v15 end
  end
 end
end
s4=nil v9=false
charge(v1*3)
for i1=1,v1 do
 v10=v6[i1]
 if v5[v10] then
  if v12[i1] then
   v15=v23[i1]
   s4=v15
   v9=true
  end
 end
 if v9 then break end
end
v10=", "
s6={} v7=0
charge(v1*5)
for i1=1,v1 do
 v15=v6[i1]
 if v5[v15] then
  v18=v11[i1]
  if v18 and s1 and v18>=s1 then
   v19=v23[i1]
   if v19 then
    v7=v7+1 s6[v7]=v19
   end
  end
 end
end
while v7>1 do
 local t,n={},0
 for j=1,v7,50 do n=n+1 t[n]=join(v10,s6[j+0],s6[j+1],s6[j+2],s6[j+3],s6[j+4],s6[j+5],s6[j+6],s6[j+7],s6[j+8],s6[j+9],s6[j+10],s6[j+11],s6[j+12],s6[j+13],s6[j+14],s6[j+15],s6[j+16],s6[j+17],s6[j+18],s6[j+19],s6[j+20],s6[j+21],s6[j+22],s6[j+23],s6[j+24],s6[j+25],s6[j+26],s6[j+27],s6[j+28],s6[j+29],s6[j+30],s6[j+31],s6[j+32],s6[j+33],s6[j+34],s6[j+35],s6[j+36],s6[j+37],s6[j+38],s6[j+39],s6[j+40],s6[j+41],s6[j+42],s6[j+43],s6[j+44],s6[j+45],s6[j+46],s6[j+47],s6[j+48],s6[j+49]) end
 s6=t v7=n
end
s6=s6[1] or ""
s7=false
repeat
 repeat
  v7=false
  charge(v3*4)
  for i1=1,v3 do
   v15=v13[i1]
   if v15>3 then
    v7=true break
   end
  end
  if not v7 then break end
  s7=true
 until true
 if s7 then break end
 repeat
  v7=false
  charge(v3*2)
  for i1=1,v3 do
   if v16[i1] then
    v7=true break
   end
  end
  v7=not v7
  if not v7 then break end
  s7=true
 until true
until true
s8=true
charge(v3*6)
for i1=1,v3 do
 v9=false
 repeat
  if v5[i1] then
   v19=v8[i1]
   v20=v8[i1+1]
   v10=(v20-v19)
  else
   v10=0
  end
  if v10>=3 then break end
  v9=true
 until true
 if not v9 then s8=false end
 if not s8 then break end
end
return s2,s3,s4,s5,s6,s7,s8
end
