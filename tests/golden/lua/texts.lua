-- chunk 1, 137 steps
local fail,has,size,score,code,length,upper,contains,starts_with,substring,concat,join,text_of,parse_integer,matches,text_less=...
return function(S,s1,s2,s3,s4,s5)
local s6,s7,s8,s9,s10,s11
local v1
s6=nil if s1 and s2 then s6=concat(s1,"\034]] \092 \010 -- end",s2) end
if s2 and s1 and text_less(s2,s1) then
 s7=upper(s1)
else
 v1=nil if s3 then v1=text_of(7,0,s3) end
 s7=join(", ",s1,s2,v1)
end
s8=nil
repeat
 if not s1 then break end
 s8=substring(s1,2,3)
until true
s9=nil
repeat
 if not s8 then break end
 s9=parse_integer(s8)
until true
if s9==nil then
 s9=nil if s2 then s9=length(s2) end
end
s10=nil if s5 then s10=(size(s4)+score(0,s5)) end
s11=nil if s5 then s11=code(0,s5) end
if s4 and not has(s4,1) and s1 and not matches(0,s1) then fail(0,0) end
if s2 and s1 and starts_with(s2,"New ")~=contains(s1,"x") then fail(1,0) end
if (s4 and s4~=s4 or s1 and s2 and s1==concat("",s2)) then fail(2,0) end
return s6,s7,s8,s9,s10,s11
end
