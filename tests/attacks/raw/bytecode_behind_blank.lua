-- raw Lua | broken bare | bytecode behind a line of comment
#
<%x1b4c75615400%>
