-- raw Lua | broken bare | bytecode by its first byte
<%x1b4c7561540019930d0a1a0a%>
