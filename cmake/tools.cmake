# Programs of the repository that are neither library nor test.

# Prints every model as JSON: what scripts/generate.mjs makes types, builders and documents from.
if(EXISTS ${PROJECT_SOURCE_DIR}/scripts/emit_models.cpp)
  add_executable(emit_models ${PROJECT_SOURCE_DIR}/scripts/emit_models.cpp)
  target_link_libraries(emit_models PRIVATE chatwire chatwire_warnings)
endif()

# Benchmarks and fuzzers say themselves how they are built.
foreach(folder IN ITEMS bench fuzz)
  if(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt)
    add_subdirectory(${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/${folder})
  endif()
endforeach()
