-- chunk 1, 193 steps
local breach,date,year,month,day,weekday,years_between,months_between,add_days,add_months,end_of_month,date_of,time_of,add_ms,add_months_instant,minutes_between=...
return function(S,s1,s2,s3,s4,s5)
local s6,s7,s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21,s22
local v1
if s1 then
 if s1>S[23] then
  breach(1,0,1,S[23])
  s1=nil
 end
end
if s3 then
 if s2 and s3<s2 then
  breach(3,0,0,s2)
  s3=nil
 end
end
if s5 then
 if s5>S[24] then
  breach(5,0,1,S[24])
  s5=nil
 end
end
s6=nil if s1 then s6=years_between(s1,S[23]) end
s7=nil if s3 and s2 then s7=(s3-s2) end
s8=nil if s3 and s2 then s8=((s3-s2)+months_between(s2,s3)) end
s9=nil if s2 then s9=add_days(6,s2,14) end
s10=nil if s2 then s10=add_months(7,s2,12) end
s11=nil
repeat
 if not s1 then break end
 s11=add_months(8,s1,(-216))
until true
s12=nil
repeat
 if not s1 then break end
 if not s6 then break end
 s12=add_days(9,s1,s6)
until true
s13=20147
s14=nil
repeat
 if not s5 then break end
 s14=add_ms(11,s5,(-5400000))
until true
s15=nil
repeat
 if not s5 then break end
 v1=add_months_instant(12,s5,1)
 s15=add_ms(12,v1,172800000)
until true
s16=nil
repeat
 if not s5 then break end
 s16=date_of(13,s5)
until true
s17=nil if s5 then s17=time_of(s5) end
s18=nil if s5 and s4 then s18=(minutes_between(s5,S[24])+minutes_between(s4,43200000)) end
s19=nil if s2 then s19=((((year(s2)*10000)+(month(s2)*100))+day(s2))+weekday(s2)) end
s20=nil
repeat
 if not s2 then break end
 s20=date(2026,month(s2),31)
until true
s21=end_of_month(20485)
s22=nil
if s2 and s2>=20574 and s2<=20726 then
 s22=true
else
 if (s2 and s2<20574 or s2 and s2>20726) then s22=false end
end
return s6,s7,s8,s9,s10,s11,s12,s13,s14,s15,s16,s17,s18,s19,s20,s21,s22
end
