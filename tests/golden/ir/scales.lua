-- chunk 1, 230 steps
local fault,divide,round,floor_scaled,ceil_scaled,number,sqrt=...
return function(S,s1,s2,s3,s5,s6,s7)
local s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21,s22,s23,s24,s25,s26,s27,s28,s29,s30
local v1,v2,v3
s8=nil
repeat
 if not s1 then break end
 v1=(s1*100)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(0,1) end
 if not s3 then break end
 s8=(v1+s3)
 if s8>9007199254740991 or s8<-9007199254740991 then fault(0,1) end
until true
s9=nil
repeat
 if not s3 then break end
 s9=(s3*125)
 if s9>9007199254740991 or s9<-9007199254740991 then fault(1,1) end
until true
s10=nil if s5 and s6 then s10=(s5*s6) end
s11=nil if s5 then s11=round((s5*5),1) end
s12=nil if s5 then s12=(round(s5,2)*100) end
s13=nil if s6 then s13=(s6*10000) end
s14=nil
repeat
 if not s1 then break end
 v3=(s1*15)
 if v3>9007199254740991 or v3<-9007199254740991 then fault(6,1) end
 v2=number(v3,1)
 if not s7 then break end
 v3=(s7*1.5)
 if v3-v3~=0 then fault(6,3) end
 v1=(v2+v3)
 if v1-v1~=0 then fault(6,3) end
 s14=(v1+number(s1,0))
 if s14-s14~=0 then fault(6,3) end
until true
s15=nil
repeat
 if not s3 then break end
 v1=(number(s3,2)/3.0)
 if v1-v1~=0 then fault(7,3) end
 if not s1 then break end
 v2=sqrt(7,number(s1,0))
 s15=(v1-v2)
 if s15-s15~=0 then fault(7,3) end
until true
s16=nil if s1 then s16=(s1<3) end
s17=nil if s1 then s17=(s1<=50000) end
s18=nil
if s1==2 and s1==3 then
 s18=true
else
 if (s1 and s1~=2 or s1 and s1~=3) then s18=false end
end
s19=nil if s2 and s3 then s19=((s2*100)>s3) end
s20=nil if s1 and s3 then s20=(s1>floor_scaled(s3,2)) end
s21=nil
if (s3 and s1 and floor_scaled(s3,2)~=s1 or s3 and s1 and ceil_scaled(s3,2)~=s1) then
 s21=true
else
 if s3 and s1 and floor_scaled(s3,2)==s1 and ceil_scaled(s3,2)==s1 then s21=false end
end
s22=nil if s1 then s22=(2>=s1) end
s23=nil if s7 and s1 then s23=(s7>number(s1,0)) end
s24=nil if s5 then s24=(s5>=1000) end
s25=11
s26=250
s27=2
s28=nil
repeat
 if not s1 then break end
 if not s2 then break end
 if s2==0 then fault(20,2) end
 v3=(s1//s2)
 v2=(v3+(s1%7))
 if v2>9007199254740991 or v2<-9007199254740991 then fault(20,1) end
 v3=s1 if v3<0 then v3=-v3 end
 v1=(v2+v3)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(20,1) end
 if not s3 then break end
 v2=s3 if v2>0 then v2=1 elseif v2<0 then v2=-1 else v2=0 end
 s28=(v1+v2)
 if s28>9007199254740991 or s28<-9007199254740991 then fault(20,1) end
until true
s29=nil
repeat
 if not s3 then break end
 if not s6 then break end
 s29=divide(21,s3,s6,1,0)
until true
s30=nil if s2 and s6 then s30=(s2//s6) end
return s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21,s22,s23,s24,s25,s26,s27,s28,s29,s30
end
