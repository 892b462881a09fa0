# Programs of the repository that are neither library nor test.

# Prints every model as JSON: what scripts/generate.mjs makes types, builders and documents from.
if(EXISTS ${PROJECT_SOURCE_DIR}/scripts/emit_models.cpp)
  add_executable(emit_models ${PROJECT_SOURCE_DIR}/scripts/emit_models.cpp)
  target_link_libraries(emit_models PRIVATE chatwire chatwire_warnings)
endif()

# Benchmarks say themselves how they are built.
if(EXISTS ${PROJECT_SOURCE_DIR}/bench/CMakeLists.txt)
  add_subdirectory(bench)
endif()
