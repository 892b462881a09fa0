# Finds the Emscripten that em++ on the PATH belongs to (Debian, Ubuntu or emsdk alike) and hands
# over to its own toolchain file.
find_program(EMXX em++ REQUIRED)
get_filename_component(emxx ${EMXX} REALPATH)
get_filename_component(emscripten_root ${emxx} DIRECTORY)
include(${emscripten_root}/cmake/Modules/Platform/Emscripten.cmake)
