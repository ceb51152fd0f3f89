-- chunk 1, 137 steps
local has,size,score,score_set,code,concat=...
return function(S)
local v1,v2,v3,v4,v5,v6
v1=nil
v2=S[1]
v3=S[2]
if (S[1]==1 or v2 and v3 and v2~=v3) then
 v1=true
else
 if v2 and v2~=1 and v2==v3 then v1=false end
end
S[5]=v1
v1=nil
if (v2==2 or v2==3) and v3 and v3~=2 and v3~=3 then
 v1=true
else
 if (v2 and v2~=2 and v2~=3 or (v3==2 or v3==3)) then v1=false end
end
S[6]=v1
v1=nil
v4=S[3]
if v4 and has(v4,2) and not has(v4,1) then
 v1=true
else
 if (v4 and not has(v4,2) or v4 and has(v4,1)) then v1=false end
end
S[7]=v1
v5=S[4]
v1=nil if v2 and v3 and v5 then v1=((score(0,v2)+score(0,v3))+score_set(0,v5)) end
S[8]=v1
v5=size(v4)
S[9]=v5
v5=nil if v2 and v3 then v5=concat(code(0,v2),code(0,v3)) end
S[10]=v5
if v1 and v1>3 then
 v5=3
else
 v5=1
end
S[11]=v5
v5=v4
S[12]=v5
v5=nil if v2 then v5=(1==v2) end
S[13]=v5
v6=v2 or 1
v5=v6
S[14]=v5
end
