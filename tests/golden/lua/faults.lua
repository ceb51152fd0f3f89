-- chunk 1, 58 steps
local fail,fault,add_months=...
return function(S)
local v1,v2,v3,v4,v5
v1=false
repeat
 v2=S[2]
 if not (v2 and v2~=0) then break end
 v4=S[1]
 if not v4 then break end
 if v2==0 then fault(0,2) end
 v3=(v4//v2)
 if v3<=2 then break end
 v1=true
until true
S[5]=v1
v1=false
repeat
 if (S[2]==0) then v1=true break end
 repeat
  v3=S[1]
  if not v3 then break end
  v4=S[2]
  if not v4 then break end
  if v4==0 then fault(1,2) end
  v2=(v3//v4)
  if v2<=2 then break end
  v1=true
 until true
until true
S[7]=v1
if S[2]==0 then
 v1=0
else
 v1=nil
 repeat
  v2=S[1]
  if not v2 then break end
  v3=S[2]
  if not v3 then break end
  if v3==0 then fault(2,2) end
  v1=(v2//v3)
 until true
end
S[8]=v1
v2=S[2]
v1=v2
if v1==nil then
 v1=nil
 repeat
  v3=S[1]
  if not v3 then break end
  if not v2 then break end
  if v2==0 then fault(3,2) end
  v1=(v3//v2)
 until true
end
S[9]=v1
v1=nil
repeat
 v3=S[3]
 if not v3 then break end
 v1=add_months(4,v3,12000)
until true
S[10]=v1
v1=false
repeat
 v4=S[1]
 if not v4 then break end
 if not v2 then break end
 if v2==0 then fault(5,2) end
 v3=(v4//v2)
 v5=(v4+v2)
 if v5>9007199254740991 or v5<-9007199254740991 then fault(5,1) end
 if v3>v5 then break end
 v1=true
until true
if v1 then fail(0,0) end
end
