# The core once more, natively, with text as JavaScript wants it: so sanitizers see the way that it
# takes in WebAssembly.
set(core_sources)
foreach(folder IN ITEMS text tape models decode assembly partial stream)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp)
  list(APPEND core_sources ${found})
endforeach()
add_library(chatwire_utf16_core STATIC EXCLUDE_FROM_ALL ${core_sources})
target_include_directories(chatwire_utf16_core PUBLIC ${PROJECT_SOURCE_DIR}/src)
target_compile_definitions(chatwire_utf16_core PUBLIC CHATWIRE_UTF16_TEXT=1)
target_link_libraries(chatwire_utf16_core PRIVATE chatwire_warnings FastFloat::fast_float)
