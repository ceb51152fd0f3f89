-- formwright lua 2: form everything, b86bd5086d2f7e378c772eb7ba44e77d3aef84f60b541234bfd2681192610477
-- chunk 1, 354 steps
local charge,fault,score,concat,add_ms=...
return function(S,s1,s7,s10,s27,s29,s31,s32,s37,s39,s41,s43,s45,s46,s47,s49,s51,s53,s54,s56,s57,s59,s61,s62,s63,s64,s66,s68,s70,s72,s74,s75,s77,s79,s81,s83,s84)
local s12,s28,s30,s38,s40,s42,s44,s48,s50,s52,s55,s58,s60,s65,s67,s69,s71,s73,s76,s78,s80,s82,s86,s89,s91,s92,s93,s94
local v1,v2,v3,v4,v5
s12=s7
s28=(s27~=nil or s29~=nil or s31~=nil or s32~=nil)
s30=(s27~=nil or s29~=nil or s31~=nil or s32~=nil)
s38=(s37~=nil or s39~=nil or s41~=nil or s43~=nil or s45~=nil)
s40=(s37~=nil or s39~=nil or s41~=nil or s43~=nil or s45~=nil)
s42=(s37~=nil or s39~=nil or s41~=nil or s43~=nil or s45~=nil)
s44=(s37~=nil or s39~=nil or s41~=nil or s43~=nil or s45~=nil)
s48=(s46~=nil or s47~=nil or s49~=nil or s51~=nil or s53~=nil)
s50=(s46~=nil or s47~=nil or s49~=nil or s51~=nil or s53~=nil)
s52=(s46~=nil or s47~=nil or s49~=nil or s51~=nil or s53~=nil)
s55=(s54~=nil or s56~=nil or s57~=nil or s59~=nil or s61~=nil or s7)
s58=(s54~=nil or s56~=nil or s57~=nil or s59~=nil or s61~=nil)
s60=(s54~=nil or s56~=nil or s57~=nil or s59~=nil or s61~=nil)
s65=s7
if not s65 then
 s64=nil
end
s67=(s66~=nil or s68~=nil or s70~=nil or s72~=nil or s74~=nil)
s69=(s66~=nil or s68~=nil or s70~=nil or s72~=nil or s74~=nil)
s71=(s66~=nil or s68~=nil or s70~=nil or s72~=nil or s74~=nil)
s73=(s66~=nil or s68~=nil or s70~=nil or s72~=nil or s74~=nil)
s76=(s75~=nil or s77~=nil or s79~=nil or s81~=nil or s83~=nil)
s78=(s75~=nil or s77~=nil or s79~=nil or s81~=nil or s83~=nil)
s80=(s75~=nil or s77~=nil or s79~=nil or s81~=nil or s83~=nil)
s82=(s75~=nil or s77~=nil or s79~=nil or s81~=nil or s83~=nil)
s86=nil
repeat
 if not s84 then break end
 s86=add_ms(22,s84,43200000)
until true
s89=s1~=nil
s91=s7
if not s91 then
 S[105]=0
end
s92=nil
repeat
 if not s10 then break end
 v4=S[101]
 v1=v4
 s92=(s10*v1)
 if s92>9007199254740991 or s92<-9007199254740991 then fault(25,1) end
until true
s93=nil
repeat
 if (s62~=nil or s63~=nil or s64~=nil) then
  v2=nil if s62 then v2=score(0,s62) end
  if v2==nil then
   v2=0
  end
  v4=nil if s63 then v4=score(0,s63) end
  if v4==nil then
   v4=0
  end
  v5=nil if s64 then v5=score(0,s64) end
  if v5==nil then
   v5=0
  end
  v3=(v4+v5)
  v1=(v2+v3)
 else
  v1=nil
 end
 if v1==nil then break end
 if (s66~=nil or s68~=nil or s70~=nil or s72~=nil or s74~=nil) then
  v3=1
 else
  v3=0
 end
 if (s75~=nil or s77~=nil or s79~=nil or s81~=nil or s83~=nil) then
  v4=1
 else
  v4=0
 end
 v2=(v3+v4)
 s93=(v1+v2)
 if s93>9007199254740991 or s93<-9007199254740991 then fault(26,1) end
until true
s94=nil if s1 then s94=concat("Hello ",s1) end
v1=S[101]
charge(v1*5)
v2=S[95]
v3=S[97]
for i0=1,v1 do
 v3[i0]=v2[i0]~=nil
end
return s86,s92,s93,s94,s12,s28,s30,s38,s40,s42,s44,s48,s50,s52,s55,s58,s60,s65,s67,s69,s71,s73,s76,s78,s80,s82,s89,s91
end
