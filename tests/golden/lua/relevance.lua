-- chunk 1, 55 steps
local charge,fail,breach,fault,length=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9
v1=(S[1]==1 or S[1]==2)
S[3]=v1
if not v1 then
 S[2]=nil
end
v2=S[2]
v1=v2 and v2>10
S[4]=v1
if not v1 then
 S[5]=nil
 S[10]=nil
 S[13]=0
end
v4=S[5]
v3=v1 and v4 and length(v4)>20
S[7]=v3
S[8]=nil
if v3 then
 S[8]=v2 and v2>100
end
S[9]=nil
if v1 then
 v4=nil
 repeat
  if not v2 then break end
  v4=(v2*2)
  if v4>9007199254740991 or v4<-9007199254740991 then fault(4,1) end
 until true
 S[9]=v4
 v5=S[10]
 if v5 then
  if v2 and v5>v2 then
   breach(7,0,1,v2)
   S[10]=nil v5=nil
  end
 end
 if v5 and v4 and v5>=v4 then fail(0,0) end
end
v4=0
v7=S[13]
charge(v7*2)
v8=S[12]
for i1=1,v7 do
 v9=v8[i1]
 if v9 then
  v4=v4+v9
  if v4>9007199254740991 or v4<-9007199254740991 then fault(7,1) end
 end
end
S[11]=v4
charge(v7*9)
for i0=1,v7 do
 v4=v8[i0]
 if v4 and v2 and v4>=v2 then fail(1,i0) end
end
end
