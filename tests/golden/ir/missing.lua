-- chunk 1, 222 steps
local fault,length,upper,contains,substring,replace,words,concat,join,text_of,parse_integer,parse_decimal,matches,text_less=...
return function(S,s1,s2,s3,s4)
local s5,s6,s7,s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21,s22
local v1,v2
s5=s1 and s1>5
if not s5 then
 s4=nil
end
s6=nil if s1 and s2 then s6=(s1+s2) end
v1=s1 or 0
v2=s2 or 0
s7=(v1+v2)
s8=s1
if s2 and (s8==nil or s2<s8) then s8=s2 end
if (s8==nil or 50<s8) then s8=50 end
s9=s1
if s2 and (s9==nil or s2>s9) then s9=s2 end
if s1~=nil then
 s10=s1
else
 s10=7
end
if s1 and s1>5 and s2 and s2>5 then
 s11=1
else
 s11=2
end
v1=nil if s1 then v1=text_of(3,0,s1) end
s12=join(", ",s3,v1)
s13=nil if s3 then s13=concat(s3,"!",s3) end
s14=nil
repeat
 if not s3 then break end
 s14=substring(s3,1,2)
until true
s15=nil if s3 then s15=upper(replace(s3,"a","bc")) end
s16=nil
if (s13 and length(s13)>5 or s3 and words(s3)>1) then
 s16=true
else
 if s13 and length(s13)<=5 and s3 and words(s3)<=1 then s16=false end
end
s17=nil
repeat
 if not s4 then break end
 s17=(s4+1)
 if s17>9007199254740991 or s17<-9007199254740991 then fault(12,1) end
until true
v1=s17 or 0
s18=v1
s19=nil
repeat
 if not s3 then break end
 s19=parse_integer(s3)
until true
s20=nil
repeat
 if not s3 then break end
 s20=parse_decimal(s3,2)
until true
s21=nil
if s1 and s2 and s1~=s2 and (s7>10 or s3~=nil) then
 s21=true
else
 if (s1 and s2 and s1==s2 or s7<=10 and s3==nil) then s21=false end
end
s22=nil
if s3 and matches(0,s3) and contains(s3,"a") and text_less(s3,"b") then
 s22=true
else
 if (s3 and not matches(0,s3) or s3 and not contains(s3,"a") or s3 and not text_less(s3,"b")) then s22=false end
end
return s6,s7,s8,s9,s10,s11,s12,s13,s14,s15,s16,s18,s19,s20,s21,s22,s5
end
