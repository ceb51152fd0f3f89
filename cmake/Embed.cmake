# A file as bytes in the program.
#
#   embed(<target> <file> <symbol>)      <symbol>.inc among the target's includes: 0x2f,0x2a,…
#
# Made anew when the file changes.
function(embed target file symbol)
  set(made ${CMAKE_BINARY_DIR}/embedded/${symbol}.inc)
  add_custom_command(OUTPUT ${made} DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake
    COMMAND ${CMAKE_COMMAND} -DFROM=${file} -DTO=${made} -P ${CMAKE_SOURCE_DIR}/cmake/EmbedFile.cmake)
  target_sources(${target} PRIVATE ${made})
  target_include_directories(${target} PRIVATE ${CMAKE_BINARY_DIR}/embedded)
endfunction()
