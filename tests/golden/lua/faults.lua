-- chunk 1, 58 steps
local fail,fault,add_months=...
return function(S,s1,s2,s3)
local s5,s7,s8,s9,s10
local v1,v2,v3
s5=false
repeat
 if not (s2 and s2~=0) then break end
 if not s1 then break end
 if s2==0 then fault(0,2) end
 v1=(s1//s2)
 if v1<=2 then break end
 s5=true
until true
s7=false
repeat
 if (s2==0) then s7=true break end
 repeat
  if not s1 then break end
  if not s2 then break end
  if s2==0 then fault(1,2) end
  v1=(s1//s2)
  if v1<=2 then break end
  s7=true
 until true
until true
if s2==0 then
 s8=0
else
 s8=nil
 repeat
  if not s1 then break end
  if not s2 then break end
  if s2==0 then fault(2,2) end
  s8=(s1//s2)
 until true
end
s9=s2
if s9==nil then
 s9=nil
 repeat
  if not s1 then break end
  if not s2 then break end
  if s2==0 then fault(3,2) end
  s9=(s1//s2)
 until true
end
s10=nil
repeat
 if not s3 then break end
 s10=add_months(4,s3,12000)
until true
v1=false
repeat
 if not s1 then break end
 if not s2 then break end
 if s2==0 then fault(5,2) end
 v2=(s1//s2)
 v3=(s1+s2)
 if v3>9007199254740991 or v3<-9007199254740991 then fault(5,1) end
 if v2>v3 then break end
 v1=true
until true
if v1 then fail(0,0) end
return s8,s9,s10,s5,s7
end
