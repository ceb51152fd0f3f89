-- chunk 1, 111 steps
local fail,breach,date,year,years_between,add_months,end_of_month,date_of,time_of,add_ms,minutes_between=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7
v1=S[1]
if v1 then
 if v1>S[14] then
  breach(1,0,1,S[14])
  S[1]=nil v1=nil
 end
end
v2=S[4]
if v2 then
 v4=S[3]
 if v4 and v2<v4 then
  breach(4,0,0,v4)
  S[4]=nil v2=nil
 end
 if v2 then
  v3=nil
  repeat
   if not v4 then break end
   v3=add_months(1,v4,24)
  until true
  if v3 and v2>v3 then
   breach(4,0,1,v3)
   S[4]=nil v2=nil
  end
 end
end
v3=nil if v1 then v3=years_between(v1,S[14]) end
S[6]=v3
v3=nil
repeat
 if not v1 then break end
 v4=add_months(3,S[14],(-216))
 v3=(v1<=v4)
until true
S[7]=v3
v4=S[3]
v3=nil if v2 and v4 then v3=(v2-v4) end
S[8]=v3
v3=nil
repeat
 if not v4 then break end
 v3=add_months(5,v4,1)
until true
S[9]=v3
v5=nil
repeat
 if not v3 then break end
 v5=end_of_month(v3)
until true
S[10]=v5
v5=nil
repeat
 v7=S[2]
 if not v7 then break end
 v6=add_ms(7,v7,5400000)
 v5=date_of(7,v6)
until true
S[11]=v5
v6=S[2]
v5=nil if v6 then v5=minutes_between(v6,S[15]) end
S[12]=v5
v5=nil
repeat
 if not v4 then break end
 v5=date(year(v4),2,29)
until true
S[13]=v5
v5=S[5]
if v6 and v5 and time_of(v6)<v5 then fail(0,0) end
end
