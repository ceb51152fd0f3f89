-- chunk 1, 122 steps
local fault,mul,divide,round,floor_scaled,number,sqrt=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9
v2=S[1]
v3=S[2]
v1=nil if v2 and v3 then v1=(((v2*3)+v3)-1) end
S[7]=v1
v1=nil
repeat
 v4=S[3]
 if not v4 then break end
 if not v2 then break end
 v1=(v4+v2)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(1,1) end
until true
S[8]=v1
v1=nil
repeat
 v4=S[3]
 if not v4 then break end
 v1=mul(2,v4,v4)
until true
S[9]=v1
v1=nil
repeat
 if not v2 then break end
 v4=S[3]
 if not v4 then break end
 v1=(v2*v4)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(3,1) end
until true
S[10]=v1
v4=S[4]
v1=nil if v4 and v2 then v1=((v4+(v2*100))*100) end
S[11]=v1
v1=nil
repeat
 v5=S[3]
 if not v5 then break end
 v1=mul(5,v5,1000000000)
until true
S[12]=v1
v1=nil if v4 then v1=round((v4*2),2) end
S[13]=v1
v1=nil if v4 then v1=floor_scaled(v4,2) end
S[14]=v1
v1=nil
repeat
 if not v4 then break end
 if not v3 then break end
 v1=divide(8,v4,v3,1,0)
until true
S[15]=v1
v1=nil
repeat
 v6=S[3]
 if not v6 then break end
 if not v3 then break end
 if v3==0 then fault(9,2) end
 v5=(v6//v3)
 v1=(v5+(v6%7))
 if v1>9007199254740991 or v1<-9007199254740991 then fault(9,1) end
until true
S[16]=v1
v1=v2
if v3 and (v1==nil or v3<v1) then v1=v3 end
v5=S[3]
if v5 and (v1==nil or v5<v1) then v1=v5 end
if v1==nil then
 v1=0
end
S[17]=v1
v1=v2
if (v1==nil or 7>v1) then v1=7 end
S[18]=v1
v1=nil
repeat
 if not v3 then break end
 v6=v3 if v6<0 then v6=-v6 end
 if not v5 then break end
 v7=v5 if v7>0 then v7=1 elseif v7<0 then v7=-1 else v7=0 end
 v1=(v6+v7)
until true
S[19]=v1
v1=nil
repeat
 v8=S[6]
 if not v8 then break end
 v7=(v8/2.0)
 if v7-v7~=0 then fault(13,3) end
 v9=(v8*v8)
 if v9-v9~=0 then fault(13,3) end
 v6=(v7+v9)
 if v6-v6~=0 then fault(13,3) end
 if not v4 then break end
 v1=(v6-number(v4,2))
 if v1-v1~=0 then fault(13,3) end
until true
S[20]=v1
v1=nil
repeat
 v6=S[6]
 if not v6 then break end
 v1=sqrt(14,v6)
until true
S[21]=v1
end
