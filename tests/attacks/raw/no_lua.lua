-- raw Lua | broken bare | what is no Lua
this is not Lua
