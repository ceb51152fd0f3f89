-- chunk 1, 111 steps
local fail,breach,date,year,years_between,add_months,end_of_month,date_of,time_of,add_ms,minutes_between=...
return function(S,s1,s2,s3,s4,s5)
local s6,s7,s8,s9,s10,s11,s12,s13
local v1
if s1 then
 if s1>S[14] then
  breach(1,0,1,S[14])
  s1=nil
 end
end
if s4 then
 if s3 and s4<s3 then
  breach(4,0,0,s3)
  s4=nil
 end
 if s4 then
  v1=nil
  repeat
   if not s3 then break end
   v1=add_months(1,s3,24)
  until true
  if v1 and s4>v1 then
   breach(4,0,1,v1)
   s4=nil
  end
 end
end
s6=nil if s1 then s6=years_between(s1,S[14]) end
s7=nil
repeat
 if not s1 then break end
 v1=add_months(3,S[14],(-216))
 s7=(s1<=v1)
until true
s8=nil if s4 and s3 then s8=(s4-s3) end
s9=nil
repeat
 if not s3 then break end
 s9=add_months(5,s3,1)
until true
s10=nil
repeat
 if not s9 then break end
 s10=end_of_month(s9)
until true
s11=nil
repeat
 if not s2 then break end
 v1=add_ms(7,s2,5400000)
 s11=date_of(7,v1)
until true
s12=nil if s2 then s12=minutes_between(s2,S[15]) end
s13=nil
repeat
 if not s3 then break end
 s13=date(year(s3),2,29)
until true
if s2 and s5 and time_of(s2)<s5 then fail(0,0) end
return s6,s7,s8,s9,s10,s11,s12,s13
end
