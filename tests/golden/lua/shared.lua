-- chunk 1, 135 steps
local fault,mul=...
local F={}
F[1]=function(S)
local v1,v2,v3,v4,v5,v6
v1=nil
v2=false
repeat
 v4=S[1]
 if not v4 then break end
 v5=S[2]
 if not v5 then break end
 v3=(v4+v5)
 if v3>9007199254740991 or v3<-9007199254740991 then fault(3,1) end
 if v3<=1 then break end
 v3=S[3]
 if not (v3) then break end
 v2=true
until true
if v2 then
 v1=true
else
 v3=false
 repeat
  repeat
   v5=S[1]
   if not v5 then break end
   v6=S[2]
   if not v6 then break end
   v4=(v5+v6)
   if v4>9007199254740991 or v4<-9007199254740991 then fault(3,1) end
   if v4>1 then break end
   v3=true
  until true
  if v3 then break end
  v4=S[3]
  if (v4==false) then v3=true break end
 until true
 if v3 then v1=false end
end
return v1
end
F[2]=function(S)
local v1,v2,v3,v4,v5,v6
v1=nil
v2=false
repeat
 v4=S[1]
 if not v4 then break end
 v5=S[2]
 if not v5 then break end
 v3=(v4+v5)
 if v3>9007199254740991 or v3<-9007199254740991 then fault(3,1) end
 if v3<=3 then break end
 v3=S[3]
 if not (v3==false) then break end
 v2=true
until true
if v2 then
 v1=true
else
 v3=false
 repeat
  repeat
   v5=S[1]
   if not v5 then break end
   v6=S[2]
   if not v6 then break end
   v4=(v5+v6)
   if v4>9007199254740991 or v4<-9007199254740991 then fault(3,1) end
   if v4>3 then break end
   v3=true
  until true
  if v3 then break end
  v4=S[3]
  if (v4) then v3=true break end
 until true
 if v3 then v1=false end
end
return v1
end
return function(S)
local v1,v2,v3,v4,v5
v1=false
repeat
 v2=nil
 repeat
  v3=S[1]
  if not v3 then break end
  v4=S[2]
  if not v4 then break end
  v2=(v3+v4)
  if v2>9007199254740991 or v2<-9007199254740991 then fault(0,1) end
 until true
 if (v2==1 or v2==2 or v2==3 or v2==5 or v2==8) then v1=true break end
until true
S[5]=v1
v1=false
repeat
 v2=nil
 repeat
  v3=S[1]
  if not v3 then break end
  v4=S[2]
  if not v4 then break end
  v2=mul(1,v3,v4)
 until true
 if not (v2 and v2>=10 and v2<=20) then break end
 v1=true
until true
S[7]=v1
v1=false
repeat
 v2=nil
 repeat
  v3=S[1]
  if not v3 then break end
  v4=S[2]
  if not v4 then break end
  v2=(v3-v4)
  if v2>9007199254740991 or v2<-9007199254740991 then fault(2,1) end
 until true
 if not (v2 and v2~=1 and v2~=2) then break end
 v1=true
until true
S[9]=v1
v1=nil
v2=false
repeat
 v3=S[3]
 if not (v3) then break end
 v4=false
 repeat
  repeat
   v5=F[1](S)
   if v5==nil then
    v5=v3
   end
   if not v5 then break end
   v4=true
  until true
  if v4 then break end
  repeat
   v5=F[2](S)
   if v5==nil then break end
   if v3~=v5 then break end
   v4=true
  until true
 until true
 if not v4 then break end
 v2=true
until true
if v2 then
 v1=true
else
 v3=false
 repeat
  v4=S[3]
  if (v4==false) then v3=true break end
  repeat
   v5=F[1](S)
   if v5==nil then
    v5=v4==false
   else
    v5=not v5
   end
   if not v5 then break end
   if v4==nil then break end
   v5=F[2](S)
   if v5==nil then break end
   if v4==v5 then break end
   v3=true
  until true
 until true
 if v3 then v1=false end
end
S[10]=v1
end
