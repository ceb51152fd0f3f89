-- chunk 1, 222 steps
local fault,length,upper,contains,substring,replace,words,concat,join,text_of,parse_integer,parse_decimal,matches,text_less=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9
v2=S[1]
v1=v2 and v2>5
S[5]=v1
if not v1 then
 S[4]=nil
end
v4=S[2]
v3=nil if v2 and v4 then v3=(v2+v4) end
S[6]=v3
v5=v2 or 0
v6=v4 or 0
v3=(v5+v6)
S[7]=v3
v5=v2
if v4 and (v5==nil or v4<v5) then v5=v4 end
if (v5==nil or 50<v5) then v5=50 end
S[8]=v5
v5=v2
if v4 and (v5==nil or v4>v5) then v5=v4 end
S[9]=v5
if v2~=nil then
 v5=v2
else
 v5=7
end
S[10]=v5
if v2 and v2>5 and v4 and v4>5 then
 v5=1
else
 v5=2
end
S[11]=v5
v6=S[3]
v7=nil if v2 then v7=text_of(3,0,v2) end
v5=join(", ",v6,v7)
S[12]=v5
v5=nil if v6 then v5=concat(v6,"!",v6) end
S[13]=v5
v7=nil
repeat
 if not v6 then break end
 v7=substring(v6,1,2)
until true
S[14]=v7
v7=nil if v6 then v7=upper(replace(v6,"a","bc")) end
S[15]=v7
v7=nil
if (v5 and length(v5)>5 or v6 and words(v6)>1) then
 v7=true
else
 if v5 and length(v5)<=5 and v6 and words(v6)<=1 then v7=false end
end
S[16]=v7
v7=nil
repeat
 v8=S[4]
 if not v8 then break end
 v7=(v8+1)
 if v7>9007199254740991 or v7<-9007199254740991 then fault(12,1) end
until true
S[17]=v7
v9=v7 or 0
v8=v9
S[18]=v8
v8=nil
repeat
 if not v6 then break end
 v8=parse_integer(v6)
until true
S[19]=v8
v8=nil
repeat
 if not v6 then break end
 v8=parse_decimal(v6,2)
until true
S[20]=v8
v8=nil
if v2 and v4 and v2~=v4 and (v3>10 or v6~=nil) then
 v8=true
else
 if (v2 and v4 and v2==v4 or v3<=10 and v6==nil) then v8=false end
end
S[21]=v8
v8=nil
if v6 and matches(0,v6) and contains(v6,"a") and text_less(v6,"b") then
 v8=true
else
 if (v6 and not matches(0,v6) or v6 and not contains(v6,"a") or v6 and not text_less(v6,"b")) then v8=false end
end
S[22]=v8
end
