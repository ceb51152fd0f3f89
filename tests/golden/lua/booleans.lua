-- chunk 1, 120 steps
local fail,fault=...
return function(S,s1,s2,s3,s4)
local s6,s8,s9,s10,s12,s14,s16
local v1,v2,v3,v4
s6=s1 and s3 and s3>=6 and s3<18
if s1==false and s2 and (s3 and s3<1 or s3 and s3>5) then fail(0,0) end
s8=nil
if s1 and s3 and s3>3 then
 s8=true
else
 if (s1==false or s3 and s3<=3) then s8=false end
end
s9=nil
repeat
 v1=nil
 if s1 and s2 then
  v1=true
 else
  if (s1==false or s2==false) then v1=false end
 end
 if v1==nil then break end
 v2=nil
 if (s3 and s3>3 or s1) then
  v2=true
 else
  if s3 and s3<=3 and s1==false then v2=false end
 end
 if v2==nil then break end
 s9=(v1==v2)
until true
s10=nil
v1=false
repeat
 repeat
  if not (s1) then break end
  if not s3 then break end
  if not s4 then break end
  v2=(s3+s4)
  if v2>9007199254740991 or v2<-9007199254740991 then fault(4,1) end
  if v2<=10 then break end
  v1=true
 until true
 if v1 then break end
 if (s2) then v1=true break end
until true
if v1 then
 s10=true
else
 v2=false
 repeat
  v3=false
  repeat
   if (s1==false) then v3=true break end
   repeat
    if not s3 then break end
    if not s4 then break end
    v4=(s3+s4)
    if v4>9007199254740991 or v4<-9007199254740991 then fault(4,1) end
    if v4>10 then break end
    v3=true
   until true
  until true
  if not v3 then break end
  if not (s2==false) then break end
  v2=true
 until true
 if v2 then s10=false end
end
s12=s1~=false and s2~=true
if s1 then
 s14=s2
else
 s14=s3==1
end
s16=s3~=nil and s4==nil
return s8,s9,s10,s6,s12,s14,s16
end
