-- chunk 1, 73 steps
local charge=...
return function(S,s1,s3,s4)
local s2,s5,s6,s7,s8,s9
local v1,v2,v3,v4,v5,v6,v7,v8,v9
s2="DE"
s5=false
repeat
 if (s1~=nil or s3~=nil or s4~=nil) then s5=true break end
 repeat
  v4=S[14]
  v1=v4
  if v1<=0 then break end
  s5=true
 until true
until true
s6=((s3~=nil or s4~=nil) or false)
s7=false
repeat
 v4=S[15]
 v1=v4
 if v1<=0 then break end
 v5=S[16]
 v1=v5
 if v1<=0 then break end
 s7=true
until true
s8=(s1~=nil or false)
s9=(true or false)
v1=S[15]
charge(v1*13)
v6=S[18]
v9=S[12]
for i0=1,v1 do
 v7=v6[i0]
 v8=v6[i0+1]
 v3=(v8-v7)
 v2=(v3>0)
 v9[i0]=v2
end
return s2,s5,s6,s7,s8,s9
end
