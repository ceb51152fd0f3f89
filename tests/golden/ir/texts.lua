-- chunk 1, 22 steps
local fail=...
return function(S,s1,s3,s4,s5)
local s7
if s1 and s3 and s1==s3 then fail(0,0) end
s7=s3~=nil
if s4==nil and s5==nil then fail(1,0) end
return s7
end
