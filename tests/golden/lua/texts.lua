-- chunk 1, 137 steps
local fail,has,size,score,code,length,upper,contains,starts_with,substring,concat,join,text_of,parse_integer,matches,text_less=...
return function(S)
local v1,v2,v3,v4,v5,v6
v2=S[1]
v3=S[2]
v1=nil if v2 and v3 then v1=concat(v2,"\034]] \092 \010 -- end",v3) end
S[6]=v1
if v3 and v2 and text_less(v3,v2) then
 v1=upper(v2)
else
 v4=S[3]
 v5=nil if v4 then v5=text_of(7,0,v4) end
 v1=join(", ",v2,v3,v5)
end
S[7]=v1
v1=nil
repeat
 if not v2 then break end
 v1=substring(v2,2,3)
until true
S[8]=v1
v4=nil
repeat
 if not v1 then break end
 v4=parse_integer(v1)
until true
if v4==nil then
 v4=nil if v3 then v4=length(v3) end
end
S[9]=v4
v5=S[4]
v6=S[5]
v4=nil if v6 then v4=(size(v5)+score(0,v6)) end
S[10]=v4
v4=nil if v6 then v4=code(0,v6) end
S[11]=v4
if v5 and not has(v5,1) and v2 and not matches(0,v2) then fail(0,0) end
if v3 and v2 and starts_with(v3,"New ")~=contains(v2,"x") then fail(1,0) end
if (v5 and v5~=v5 or v2 and v3 and v2==concat("",v3)) then fail(2,0) end
end
