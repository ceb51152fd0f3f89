-- chunk 1, 120 steps
local fail,fault=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9
v1=S[1]
v2=S[3]
S[6]=v1 and v2 and v2>=6 and v2<18
v3=S[2]
if v1==false and v3 and (v2 and v2<1 or v2 and v2>5) then fail(0,0) end
v4=nil
if v1 and v2 and v2>3 then
 v4=true
else
 if (v1==false or v2 and v2<=3) then v4=false end
end
S[8]=v4
v4=nil
repeat
 v5=nil
 if v1 and v3 then
  v5=true
 else
  if (v1==false or v3==false) then v5=false end
 end
 if v5==nil then break end
 v6=nil
 if (v2 and v2>3 or v1) then
  v6=true
 else
  if v2 and v2<=3 and v1==false then v6=false end
 end
 if v6==nil then break end
 v4=(v5==v6)
until true
S[9]=v4
v4=nil
v5=false
repeat
 repeat
  if not (v1) then break end
  if not v2 then break end
  v7=S[4]
  if not v7 then break end
  v6=(v2+v7)
  if v6>9007199254740991 or v6<-9007199254740991 then fault(4,1) end
  if v6<=10 then break end
  v5=true
 until true
 if v5 then break end
 if (v3) then v5=true break end
until true
if v5 then
 v4=true
else
 v6=false
 repeat
  v7=false
  repeat
   if (v1==false) then v7=true break end
   repeat
    if not v2 then break end
    v9=S[4]
    if not v9 then break end
    v8=(v2+v9)
    if v8>9007199254740991 or v8<-9007199254740991 then fault(4,1) end
    if v8>10 then break end
    v7=true
   until true
  until true
  if not v7 then break end
  if not (v3==false) then break end
  v6=true
 until true
 if v6 then v4=false end
end
S[10]=v4
S[12]=v1~=false and v3~=true
if v1 then
 v4=v3
else
 v4=v2==1
end
S[14]=v4
S[16]=v2~=nil and S[4]==nil
end
