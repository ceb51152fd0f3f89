-- chunk 1, 137 steps
local has,size,score,score_set,code,concat=...
return function(S,s1,s2,s3,s4)
local s5,s6,s7,s8,s9,s10,s11,s12,s13,s14
local v1
s5=nil
if (s1==1 or s1 and s2 and s1~=s2) then
 s5=true
else
 if s1 and s1~=1 and s1==s2 then s5=false end
end
s6=nil
if (s1==2 or s1==3) and s2 and s2~=2 and s2~=3 then
 s6=true
else
 if (s1 and s1~=2 and s1~=3 or (s2==2 or s2==3)) then s6=false end
end
s7=nil
if s3 and has(s3,2) and not has(s3,1) then
 s7=true
else
 if (s3 and not has(s3,2) or s3 and has(s3,1)) then s7=false end
end
s8=nil if s1 and s2 and s4 then s8=((score(0,s1)+score(0,s2))+score_set(0,s4)) end
s9=size(s3)
s10=nil if s1 and s2 then s10=concat(code(0,s1),code(0,s2)) end
if s8 and s8>3 then
 s11=3
else
 s11=1
end
s12=s3
s13=nil if s1 then s13=(1==s1) end
v1=s1 or 1
s14=v1
return s5,s6,s7,s8,s9,s10,s11,s12,s13,s14
end
