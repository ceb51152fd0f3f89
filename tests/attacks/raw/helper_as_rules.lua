-- raw Lua | broken | a helper instead of a function: charge(S)
return charge
