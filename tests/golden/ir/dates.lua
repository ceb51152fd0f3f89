-- chunk 1, 193 steps
local breach,date,year,month,day,weekday,years_between,months_between,add_days,add_months,end_of_month,date_of,time_of,add_ms,add_months_instant,minutes_between=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7
v1=S[1]
if v1 then
 if v1>S[23] then
  breach(1,0,1,S[23])
  S[1]=nil v1=nil
 end
end
v2=S[3]
if v2 then
 v4=S[2]
 if v4 and v2<v4 then
  breach(3,0,0,v4)
  S[3]=nil v2=nil
 end
end
v3=S[5]
if v3 then
 if v3>S[24] then
  breach(5,0,1,S[24])
  S[5]=nil v3=nil
 end
end
v4=nil if v1 then v4=years_between(v1,S[23]) end
S[6]=v4
v6=S[2]
v5=nil if v2 and v6 then v5=(v2-v6) end
S[7]=v5
v5=nil if v2 and v6 then v5=((v2-v6)+months_between(v6,v2)) end
S[8]=v5
v5=nil if v6 then v5=add_days(6,v6,14) end
S[9]=v5
v5=nil if v6 then v5=add_months(7,v6,12) end
S[10]=v5
v5=nil
repeat
 if not v1 then break end
 v5=add_months(8,v1,(-216))
until true
S[11]=v5
v5=nil
repeat
 if not v1 then break end
 if not v4 then break end
 v5=add_days(9,v1,v4)
until true
S[12]=v5
v5=20147
S[13]=v5
v5=nil
repeat
 if not v3 then break end
 v5=add_ms(11,v3,(-5400000))
until true
S[14]=v5
v5=nil
repeat
 if not v3 then break end
 v7=add_months_instant(12,v3,1)
 v5=add_ms(12,v7,172800000)
until true
S[15]=v5
v5=nil
repeat
 if not v3 then break end
 v5=date_of(13,v3)
until true
S[16]=v5
v5=nil if v3 then v5=time_of(v3) end
S[17]=v5
v7=S[4]
v5=nil if v3 and v7 then v5=(minutes_between(v3,S[24])+minutes_between(v7,43200000)) end
S[18]=v5
v5=nil if v6 then v5=((((year(v6)*10000)+(month(v6)*100))+day(v6))+weekday(v6)) end
S[19]=v5
v5=nil
repeat
 if not v6 then break end
 v5=date(2026,month(v6),31)
until true
S[20]=v5
v5=end_of_month(20485)
S[21]=v5
v5=nil
if v6 and v6>=20574 and v6<=20726 then
 v5=true
else
 if (v6 and v6<20574 or v6 and v6>20726) then v5=false end
end
S[22]=v5
end
