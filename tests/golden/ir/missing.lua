-- chunk 1, 222 steps
local fault,length,upper,contains,substring,replace,words,concat,join,text_of,parse_integer,parse_decimal,matches,text_less=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8
v2=S[1]
v1=v2 and v2>5
S[5]=v1
if not v1 then
 S[4]=nil
end
v3=S[2]
v1=nil if v2 and v3 then v1=(v2+v3) end
S[6]=v1
v4=v2 or 0
v5=v3 or 0
v1=(v4+v5)
S[7]=v1
v4=v2
if v3 and (v4==nil or v3<v4) then v4=v3 end
if (v4==nil or 50<v4) then v4=50 end
S[8]=v4
v4=v2
if v3 and (v4==nil or v3>v4) then v4=v3 end
S[9]=v4
if v2~=nil then
 v4=v2
else
 v4=7
end
S[10]=v4
if v2 and v2>5 and v3 and v3>5 then
 v4=1
else
 v4=2
end
S[11]=v4
v5=S[3]
v6=nil if v2 then v6=text_of(3,0,v2) end
v4=join(", ",v5,v6)
S[12]=v4
v4=nil if v5 then v4=concat(v5,"!",v5) end
S[13]=v4
v6=nil
repeat
 if not v5 then break end
 v6=substring(v5,1,2)
until true
S[14]=v6
v6=nil if v5 then v6=upper(replace(v5,"a","bc")) end
S[15]=v6
v6=nil
if (v4 and length(v4)>5 or v5 and words(v5)>1) then
 v6=true
else
 if v4 and length(v4)<=5 and v5 and words(v5)<=1 then v6=false end
end
S[16]=v6
v6=nil
repeat
 v7=S[4]
 if not v7 then break end
 v6=(v7+1)
 if v6>9007199254740991 or v6<-9007199254740991 then fault(12,1) end
until true
S[17]=v6
v8=v6 or 0
v7=v8
S[18]=v7
v7=nil
repeat
 if not v5 then break end
 v7=parse_integer(v5)
until true
S[19]=v7
v7=nil
repeat
 if not v5 then break end
 v7=parse_decimal(v5,2)
until true
S[20]=v7
v7=nil
if v2 and v3 and v2~=v3 and (v1>10 or v5~=nil) then
 v7=true
else
 if (v2 and v3 and v2==v3 or v1<=10 and v5==nil) then v7=false end
end
S[21]=v7
v7=nil
if v5 and matches(0,v5) and contains(v5,"a") and text_less(v5,"b") then
 v7=true
else
 if (v5 and not matches(0,v5) or v5 and not contains(v5,"a") or v5 and not text_less(v5,"b")) then v7=false end
end
S[22]=v7
end
