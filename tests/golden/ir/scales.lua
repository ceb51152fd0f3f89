-- chunk 1, 230 steps
local fault,divide,round,floor_scaled,ceil_scaled,number,sqrt=...
return function(S)
local v1,v2,v3,v4,v5,v6,v7,v8,v9,v10
v1=nil
repeat
 v3=S[1]
 if not v3 then break end
 v2=(v3*100)
 if v2>9007199254740991 or v2<-9007199254740991 then fault(0,1) end
 v4=S[3]
 if not v4 then break end
 v1=(v2+v4)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(0,1) end
until true
S[8]=v1
v1=nil
repeat
 v2=S[3]
 if not v2 then break end
 v1=(v2*125)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(1,1) end
until true
S[9]=v1
v2=S[5]
v3=S[6]
v1=nil if v2 and v3 then v1=(v2*v3) end
S[10]=v1
v1=nil if v2 then v1=round((v2*5),1) end
S[11]=v1
v1=nil if v2 then v1=(round(v2,2)*100) end
S[12]=v1
v1=nil if v3 then v1=(v3*10000) end
S[13]=v1
v1=nil
repeat
 v7=S[1]
 if not v7 then break end
 v6=(v7*15)
 if v6>9007199254740991 or v6<-9007199254740991 then fault(6,1) end
 v5=number(v6,1)
 v8=S[7]
 if not v8 then break end
 v6=(v8*1.5)
 if v6-v6~=0 then fault(6,3) end
 v4=(v5+v6)
 if v4-v4~=0 then fault(6,3) end
 v1=(v4+number(v7,0))
 if v1-v1~=0 then fault(6,3) end
until true
S[14]=v1
v1=nil
repeat
 v5=S[3]
 if not v5 then break end
 v4=(number(v5,2)/3.0)
 if v4-v4~=0 then fault(7,3) end
 v7=S[1]
 if not v7 then break end
 v6=sqrt(7,number(v7,0))
 v1=(v4-v6)
 if v1-v1~=0 then fault(7,3) end
until true
S[15]=v1
v4=S[1]
v1=nil if v4 then v1=(v4<3) end
S[16]=v1
v1=nil if v4 then v1=(v4<=50000) end
S[17]=v1
v1=nil
if v4==2 and v4==3 then
 v1=true
else
 if (v4 and v4~=2 or v4 and v4~=3) then v1=false end
end
S[18]=v1
v5=S[2]
v6=S[3]
v1=nil if v5 and v6 then v1=((v5*100)>v6) end
S[19]=v1
v1=nil if v4 and v6 then v1=(v4>floor_scaled(v6,2)) end
S[20]=v1
v1=nil
if (v6 and v4 and floor_scaled(v6,2)~=v4 or v6 and v4 and ceil_scaled(v6,2)~=v4) then
 v1=true
else
 if v6 and v4 and floor_scaled(v6,2)==v4 and ceil_scaled(v6,2)==v4 then v1=false end
end
S[21]=v1
v1=nil if v4 then v1=(2>=v4) end
S[22]=v1
v7=S[7]
v1=nil if v7 and v4 then v1=(v7>number(v4,0)) end
S[23]=v1
v1=nil if v2 then v1=(v2>=1000) end
S[24]=v1
v1=11
S[25]=v1
v1=250
S[26]=v1
v1=2
S[27]=v1
v1=nil
repeat
 if not v4 then break end
 if not v5 then break end
 if v5==0 then fault(20,2) end
 v10=(v4//v5)
 v9=(v10+(v4%7))
 if v9>9007199254740991 or v9<-9007199254740991 then fault(20,1) end
 v10=v4 if v10<0 then v10=-v10 end
 v8=(v9+v10)
 if v8>9007199254740991 or v8<-9007199254740991 then fault(20,1) end
 if not v6 then break end
 v9=v6 if v9>0 then v9=1 elseif v9<0 then v9=-1 else v9=0 end
 v1=(v8+v9)
 if v1>9007199254740991 or v1<-9007199254740991 then fault(20,1) end
until true
S[28]=v1
v1=nil
repeat
 if not v6 then break end
 if not v3 then break end
 v1=divide(21,v6,v3,1,0)
until true
S[29]=v1
v1=nil if v5 and v3 then v1=(v5//v3) end
S[30]=v1
end
