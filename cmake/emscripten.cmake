# The WebAssembly modules: build/wasm/chatwire.wasm, and bodies.wasm, which decodes no streams.
# The flags hold for Emscripten 3.1.6, which Debian 12 and Ubuntu 24.04 have; bindings/embind.cpp
# leans on names inside it.
if(NOT EMSCRIPTEN_VERSION VERSION_EQUAL 3.1.6)
  message(WARNING "Tested with Emscripten 3.1.6, found ${EMSCRIPTEN_VERSION}.")
endif()

# Folders of the core that the modules are made of. structs/ is for C++ callers only: it is built on
# nlohmann/json, which would double the size.
set(sources)
foreach(folder IN ITEMS text tape models decode assembly partial stream)
  file(GLOB_RECURSE found CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${folder}/*.cpp)
  list(APPEND sources ${found})
endforeach()
file(GLOB binding_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bindings/*.cpp)
set(stream_bindings ${PROJECT_SOURCE_DIR}/bindings/stream_bindings.cpp)
set(other_bindings ${binding_sources})
list(REMOVE_ITEM other_bindings ${stream_bindings})

# Both are linked of the same objects, and the linker leaves out what nothing refers to: without the
# bindings of streams, that is all that only they need.
add_library(core OBJECT ${sources} ${other_bindings})
add_executable(chatwire $<TARGET_OBJECTS:core> ${stream_bindings})
add_executable(bodies $<TARGET_OBJECTS:core>)
set_target_properties(chatwire bodies PROPERTIES SUFFIX .wasm LINKER_LANGUAGE CXX)
add_library(options INTERFACE)
foreach(target IN ITEMS core chatwire bodies)
  target_link_libraries(${target} PRIVATE options chatwire_warnings)
endforeach()
target_include_directories(
  options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/bindings)

# What runs once a decode or once an event, or only when something is wrong, is compiled for size, and
# once more as a whole when it is linked: that is where functions of one caller meet it. What runs
# for each byte is not: its loops are better left as they are. Emscripten's -Oz forbids the compiler
# to inline anything; what is smaller inline, and faster, is left to the compiler again. What it
# computes early on one branch to save it on another (enable-pre) is left out.
set(for_size -Oz -finline-functions -flto -mllvm -enable-pre=0)
set(core ${PROJECT_SOURCE_DIR}/src)
file(GLOB of_streams CONFIGURE_DEPENDS ${core}/assembly/*.cpp ${core}/partial/*.cpp
     ${core}/stream/*.cpp)
set_source_files_properties(
  ${core}/decode/decoder.cpp ${core}/decode/departures.cpp ${core}/decode/form_notes.cpp
  ${core}/decode/issue_log.cpp
  ${core}/decode/open_rules.cpp ${core}/decode/provider_error.cpp ${core}/decode/repairs.cpp
  ${core}/models/tables.cpp ${of_streams} ${binding_sources}
  PROPERTIES COMPILE_OPTIONS "${for_size}")

target_compile_definitions(
  options
  INTERFACE CHATWIRE_PROSE=0                      # descriptions are for generators, not for browsers
            CHATWIRE_UTF16_TEXT=1                 # text as JavaScript wants it
            EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)  # what embind needs to be told with -fno-rtti

# Given to the compiler and to the linker, which chooses its libraries by them. To both comes what
# the build type says: -O3 -DNDEBUG.
set(both
    -fno-unroll-loops -fno-vectorize -fno-slp-vectorize  # the loops that matter are written with SIMD
    -mbulk-memory     # copies are single instructions
    -msimd128         # strings are scanned 16 bytes at a time; every engine has it since 2023
    -mnontrapping-fptoint -msign-ext  # conversions in one instruction; older than SIMD
    -fmerge-all-constants             # no address of a constant matters
    -fno-exceptions   # src/ throws nothing; tables of handlers are dead weight
    -fno-rtti)        # the same for names of types
target_compile_options(options INTERFACE ${both})
target_link_options(
  options INTERFACE ${both}
  -sSTANDALONE_WASM=1                       # no glue: what starts the module is ts/core/load.ts
  --no-entry                                # a library: no main
  -sSUPPORT_ERRNO=0                         # nobody asks for errno
  -sINITIAL_MEMORY=1048576                  # start small: 1 MiB instead of 16
  -sALLOW_MEMORY_GROWTH=1                   # bodies may be large
  -sMAXIMUM_MEMORY=2147483648               # 2 GiB: above it addresses turn negative in JavaScript
  -sMALLOC=none                             # bindings/memory.cpp is the allocator
  -sTOTAL_STACK=262144                      # no recursion on input: 256 KiB is plenty
  -Wl,--stack-first                         # so an overflow traps; it would overwrite static data
  -Wl,-mllvm,-enable-pre=0                  # as above, when it is compiled as a whole
  # The compiler has inlined what is fast inline; Binaryen adds what is smaller so, and nothing else,
  # and goes on as long as there is something to gain. How memory is aligned is only a hint, which
  # no engine takes: without it, code is more alike and compresses better.
  -sBINARYEN_EXTRA_PASSES=--flexible-inline-max-function-size=0,--converge,--dealign)
