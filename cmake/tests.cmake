# Everything that ctest runs.
find_package(doctest REQUIRED)

# Unit tests: tests/native/*.cpp in one executable, one CTest test for each *_test.cpp. (Not one for
# each TEST_CASE: doctest's own discovery passes silently over names with a semicolon.)
file(GLOB test_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/native/*.cpp)
list(FILTER test_sources EXCLUDE REGEX "_tool\\.cpp$")
add_executable(chatwire_tests ${test_sources})
target_link_libraries(chatwire_tests PRIVATE chatwire chatwire_warnings doctest::doctest
                                             FastFloat::fast_float)
# What is tested is optimised; the tests themselves only take longer to compile so.
target_compile_options(chatwire_tests PRIVATE -O1)
# Tests find their inputs from here, wherever they run.
target_compile_definitions(chatwire_tests PRIVATE CHATWIRE_ROOT="${PROJECT_SOURCE_DIR}")
function(add_test_file target source suffix)
  get_filename_component(file ${source} NAME_WE)
  if(NOT file MATCHES "_test$")
    return()
  endif()
  set(name "${file}${suffix}")
  add_test(NAME ${name} COMMAND ${target} --source-file=*/${file}.cpp)
  set_tests_properties(${name} PROPERTIES TIMEOUT 300
                       FAIL_REGULAR_EXPRESSION "test cases: +0 ")  # a file without tests is a mistake
endfunction()
foreach(source IN LISTS test_sources)
  add_test_file(chatwire_tests ${source} "")
endforeach()

# Prints what comes of a stream, for JavaScript tests that compare it with what the package says.
add_executable(chatwire_stream_tool ${PROJECT_SOURCE_DIR}/tests/native/stream_tool.cpp)
target_link_libraries(chatwire_stream_tool PRIVATE chatwire chatwire_warnings)

# Tests that need no structs run on the core with UTF-16, too.
set(tests ${PROJECT_SOURCE_DIR}/tests/native)
set(core_tests ${tests}/scanner_test.cpp ${tests}/forms_test.cpp ${tests}/text_test.cpp ${tests}/partial_json_test.cpp)
add_executable(chatwire_utf16_tests ${core_tests} ${tests}/main.cpp ${tests}/documents.cpp
                                    ${tests}/tape_json.cpp)
target_link_libraries(chatwire_utf16_tests PRIVATE chatwire_utf16_core chatwire_warnings
                                                   doctest::doctest FastFloat::fast_float
                                                   nlohmann_json::nlohmann_json)
target_compile_options(chatwire_utf16_tests PRIVATE -O1)
target_compile_definitions(chatwire_utf16_tests PRIVATE CHATWIRE_ROOT="${PROJECT_SOURCE_DIR}")
foreach(source IN LISTS core_tests)
  add_test_file(chatwire_utf16_tests ${source} " with UTF-16")
endforeach()

# The library as others use it: examples/cpp, built against what is installed, and run.
add_test(NAME "installed library serves the example"
         COMMAND ${CMAKE_COMMAND} -D BUILD=${PROJECT_BINARY_DIR} -D GENERATOR=${CMAKE_GENERATOR}
                 -D COMPILER=${CMAKE_CXX_COMPILER} -D FLAGS=${CMAKE_CXX_FLAGS}
                 -D TYPE=$<CONFIG> -P ${PROJECT_SOURCE_DIR}/cmake/test_example.cmake)
set_tests_properties("installed library serves the example" PROPERTIES TIMEOUT 300)

add_test(NAME "sources keep their rules"
         COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/cmake/test_sources.cmake)
