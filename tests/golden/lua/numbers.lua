-- chunk 1, 122 steps
local fault,mul,divide,round,floor_scaled,number,sqrt=...
return function(S,s1,s2,s3,s4,s6)
local s7,s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21
local v1,v2,v3
s7=nil if s1 and s2 then s7=(((s1*3)+s2)-1) end
s8=nil
repeat
 if not s3 then break end
 if not s1 then break end
 s8=(s3+s1)
 if s8>9007199254740991 or s8<-9007199254740991 then fault(1,1) end
until true
s9=nil
repeat
 if not s3 then break end
 s9=mul(2,s3,s3)
until true
s10=nil
repeat
 if not s1 then break end
 if not s3 then break end
 s10=(s1*s3)
 if s10>9007199254740991 or s10<-9007199254740991 then fault(3,1) end
until true
s11=nil if s4 and s1 then s11=((s4+(s1*100))*100) end
s12=nil
repeat
 if not s3 then break end
 s12=mul(5,s3,1000000000)
until true
s13=nil if s4 then s13=round((s4*2),2) end
s14=nil if s4 then s14=floor_scaled(s4,2) end
s15=nil
repeat
 if not s4 then break end
 if not s2 then break end
 s15=divide(8,s4,s2,1,0)
until true
s16=nil
repeat
 if not s3 then break end
 if not s2 then break end
 if s2==0 then fault(9,2) end
 v1=(s3//s2)
 s16=(v1+(s3%7))
 if s16>9007199254740991 or s16<-9007199254740991 then fault(9,1) end
until true
s17=s1
if s2 and (s17==nil or s2<s17) then s17=s2 end
if s3 and (s17==nil or s3<s17) then s17=s3 end
if s17==nil then
 s17=0
end
s18=s1
if (s18==nil or 7>s18) then s18=7 end
s19=nil
repeat
 if not s2 then break end
 v1=s2 if v1<0 then v1=-v1 end
 if not s3 then break end
 v2=s3 if v2>0 then v2=1 elseif v2<0 then v2=-1 else v2=0 end
 s19=(v1+v2)
until true
s20=nil
repeat
 if not s6 then break end
 v2=(s6/2.0)
 if v2-v2~=0 then fault(13,3) end
 v3=(s6*s6)
 if v3-v3~=0 then fault(13,3) end
 v1=(v2+v3)
 if v1-v1~=0 then fault(13,3) end
 if not s4 then break end
 s20=(v1-number(s4,2))
 if s20-s20~=0 then fault(13,3) end
until true
s21=nil
repeat
 if not s6 then break end
 s21=sqrt(14,s6)
until true
return s7,s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21
end
