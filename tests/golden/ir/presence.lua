-- chunk 1, 73 steps
local charge=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9
v1="DE"
S[2]=v1
v1=false
repeat
 if (S[1]~=nil or S[3]~=nil or S[4]~=nil) then v1=true break end
 repeat
  v5=S[14]
  v2=v5
  if v2<=0 then break end
  v1=true
 until true
until true
S[5]=v1
v1=((S[3]~=nil or S[4]~=nil) or false)
S[6]=v1
v1=false
repeat
 v5=S[15]
 v2=v5
 if v2<=0 then break end
 v6=S[16]
 v2=v6
 if v2<=0 then break end
 v1=true
until true
S[7]=v1
v1=(S[1]~=nil or false)
S[8]=v1
v1=(true or false)
S[9]=v1
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
end
