-- raw Lua | broken bare | a chunk without a function

