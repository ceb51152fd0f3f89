-- raw Lua | over-time | a loop while loading
while true do end
