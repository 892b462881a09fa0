# Rules for the text of C++ sources that no compiler checks.
cmake_minimum_required(VERSION 3.22)
get_filename_component(root ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set(broken 0)

function(report file what)
  message("${file}: ${what}")
  set(broken 1 PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE sources RELATIVE ${root} ${root}/src/*.[ch]pp ${root}/bindings/*.[ch]pp
     ${root}/tests/*.[ch]pp ${root}/scripts/*.[ch]pp ${root}/bench/*.[ch]pp)
foreach(file IN LISTS sources)
  file(READ ${root}/${file} text)
  # Editors, compilers and terminals disagree on everything beyond ASCII; escapes say it plainly.
  if(text MATCHES "([^\n]*[^\t\n -~][^\n]*)")
    report(${file} "not ASCII: ${CMAKE_MATCH_1}")
  endif()
  # The core knows no host.
  if(file MATCHES "^src/" AND text MATCHES "#include [<\"]emscripten[^\n]*")
    report(${file} "src/ must not know Emscripten: ${CMAKE_MATCH_0}")
  endif()
  # Public headers are installed without the rest of src/.
  if(file MATCHES "^src/chatwire/.*hpp$")
    string(REGEX MATCHALL "#include \"[^\"\n]*" includes "${text}")
    list(FILTER includes EXCLUDE REGEX "\"chatwire/")
    if(includes)
      report(${file} "a public header includes a private one: ${includes}")
    endif()
  endif()
endforeach()

if(broken)
  message(FATAL_ERROR "sources break the rules above")
endif()
