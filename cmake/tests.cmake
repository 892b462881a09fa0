# Everything that ctest runs.
find_package(doctest REQUIRED)

# Unit tests: tests/native/*.cpp in one executable, one CTest test for each *_test.cpp. (Not one for
# each TEST_CASE: doctest's own discovery passes silently over names with a semicolon.)
file(GLOB test_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/native/*.cpp)
add_executable(chatwire_tests ${test_sources})
target_link_libraries(chatwire_tests PRIVATE chatwire chatwire_warnings doctest::doctest
                                             FastFloat::fast_float)
# Tests find their inputs from here, wherever they run.
target_compile_definitions(chatwire_tests PRIVATE CHATWIRE_ROOT="${PROJECT_SOURCE_DIR}")
foreach(source IN LISTS test_sources)
  get_filename_component(name ${source} NAME_WE)
  if(name MATCHES "_test$")
    add_test(NAME ${name} COMMAND chatwire_tests --source-file=*/${name}.cpp)
    set_tests_properties(${name} PROPERTIES TIMEOUT 300
                         FAIL_REGULAR_EXPRESSION "test cases: +0 ")  # a file without tests is a mistake
  endif()
endforeach()

# The library as others use it: installed, found by find_package, built against, run.
add_test(NAME "installed library serves a consumer"
         COMMAND ${CMAKE_COMMAND} -D BUILD=${PROJECT_BINARY_DIR} -D GENERATOR=${CMAKE_GENERATOR}
                 -D COMPILER=${CMAKE_CXX_COMPILER} -D FLAGS=${CMAKE_CXX_FLAGS}
                 -D TYPE=$<CONFIG> -P ${PROJECT_SOURCE_DIR}/cmake/test_consumer.cmake)
set_tests_properties("installed library serves a consumer" PROPERTIES TIMEOUT 300)

add_test(NAME "sources keep their rules"
         COMMAND ${CMAKE_COMMAND} -P ${PROJECT_SOURCE_DIR}/cmake/test_sources.cmake)
