# Installs the library of build tree BUILD below it, then builds examples/cpp against that and runs it on
# samples. GENERATOR, COMPILER, FLAGS and TYPE are those of the library, so that sanitizers match.
cmake_minimum_required(VERSION 3.22)
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
set(folder ${BUILD}/example)
set(prefix ${folder}/prefix)
file(REMOVE_RECURSE ${folder})

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Configures the project in `source`. What goes beyond find_package is told after it.
function(configure source tree)
  run(${CMAKE_COMMAND} -S ${source} -B ${tree} -G ${GENERATOR} -D CMAKE_CXX_COMPILER=${COMPILER}
      -D CMAKE_CXX_FLAGS=${FLAGS} -D CMAKE_BUILD_TYPE=${TYPE} ${ARGN})
endfunction()

# Runs the example on a sample: its exit code, and what it must print, piece by piece in that order, first
# the standard output, then what is odd or wrong.
function(expect sample code)
  execute_process(COMMAND ${folder}/build/decode ${sample}
                  WORKING_DIRECTORY ${root}/examples/samples RESULT_VARIABLE result
                  OUTPUT_VARIABLE output ERROR_VARIABLE issues)
  string(APPEND output ${issues})
  if(NOT result EQUAL code)
    message(FATAL_ERROR "${sample}: exit code ${result}\n${output}")
  endif()
  set(rest "${output}")
  foreach(piece IN LISTS ARGN)
    string(FIND "${rest}" "${piece}" at)
    if(at EQUAL -1)
      message(FATAL_ERROR "${sample}: \"${piece}\" is not printed, or not there:\n${output}")
    endif()
    string(SUBSTRING "${rest}" ${at} -1 rest)
  endforeach()
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --config ${TYPE})
configure(${root}/examples/cpp ${folder}/build -D CMAKE_PREFIX_PATH=${prefix})
run(${CMAKE_COMMAND} --build ${folder}/build --config ${TYPE})

expect(plain.json 0 "Three things keep a sourdough starter alive:" "115 tokens\n")
expect(thinking-parts.json 0 "The ball costs **5 cents**" "171 tokens\n")
expect(quirks.json 0 "play {\"song\":" "250 tokens\n"
       "quirks.json:1:42: warning: created: a fraction where an integer belongs"
       "quirks.json:3:1: warning: `data: [DONE]` follows the body")
expect(provider-error.json 1
       "provider-error.json:1:1: error: the provider's error: Provider returned error")
expect(truncated.json 1 "Two litres of water, since the sp\n" "truncated.json:1:464: error: ")
expect(chat.sse 0 "Tea wants water off the boil, and patience:" "62 tokens\n")
expect(tool-calls.sse 0 "Let me look up both.\n" "find_trains {\"from\": \"Bern\""
       "get_weather {\"place\": \"Zürich\"" "345 tokens\n")
expect(lines.ndjson 0 "43 tokens\n" "lines.ndjson:1:1: warning: JSON without the framing of events")
expect(provider-error.sse 1 "Glaciers move" "error: the provider's error: The upstream server stopped")

# What its README shows, and the ways to come by the library: each is configured as it stands there.
file(READ ${root}/examples/cpp/README.md readme)
string(REGEX MATCH "\\$ decode ([^\n]*)\n([^`]*)\n```" shown "${readme}")
expect(${CMAKE_MATCH_1} 1 "${CMAKE_MATCH_2}")
string(REGEX MATCHALL "```cmake\n[^`]*```" ways "${readme}")
list(LENGTH ways count)
if(NOT count EQUAL 3)
  message(FATAL_ERROR "README.md shows ${count} ways")
endif()
set(number 0)
foreach(way IN LISTS ways)
  math(EXPR number "${number} + 1")
  set(project ${folder}/way-${number})
  string(REGEX REPLACE "```(cmake\n)?" "" lines "${way}")
  file(WRITE ${project}/CMakeLists.txt
       "cmake_minimum_required(VERSION 3.22)\nproject(app LANGUAGES CXX)\nadd_executable(app app.cpp)\n"
       "${lines}")
  file(WRITE ${project}/app.cpp "#include <chatwire/chatwire.hpp>\nint main() {}\n")
  file(MAKE_DIRECTORY ${project}/third_party)
  file(CREATE_LINK ${root} ${project}/third_party/chatwire SYMBOLIC)
  configure(${project} ${project}/build -D CMAKE_PREFIX_PATH=${prefix}
            -D FETCHCONTENT_SOURCE_DIR_CHATWIRE=${root})
endforeach()
