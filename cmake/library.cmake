# The native library: chatwire::chatwire, static, installable.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

find_package(nlohmann_json 3.10 REQUIRED)  # in the public headers
find_package(FastFloat REQUIRED)           # inside only: numbers are parsed with it

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/*.cpp)
add_library(chatwire STATIC ${sources})
add_library(chatwire::chatwire ALIAS chatwire)
target_compile_features(chatwire PUBLIC cxx_std_20)
target_include_directories(
  chatwire PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/src>
                  $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_link_libraries(chatwire PUBLIC nlohmann_json::nlohmann_json)
# BUILD_INTERFACE: who uses the installed library needs neither of these.
target_link_libraries(chatwire PRIVATE $<BUILD_INTERFACE:FastFloat::fast_float>
                                       $<BUILD_INTERFACE:chatwire_warnings>)
# A static library must be fit to become part of a shared one.
set_target_properties(chatwire PROPERTIES POSITION_INDEPENDENT_CODE ON)

# Public headers, and nothing else of src/, are installed.
install(DIRECTORY ${PROJECT_SOURCE_DIR}/src/chatwire TYPE INCLUDE FILES_MATCHING PATTERN "*.hpp")
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD-PARTY.md TYPE DOC)
install(TARGETS chatwire EXPORT chatwire_targets)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/chatwire)
install(EXPORT chatwire_targets NAMESPACE chatwire:: FILE chatwire-targets.cmake
        DESTINATION ${package_dir})
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/chatwire-config.cmake.in
  ${PROJECT_BINARY_DIR}/chatwire-config.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 a minor version may break.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/chatwire-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/chatwire-config.cmake
              ${PROJECT_BINARY_DIR}/chatwire-config-version.cmake DESTINATION ${package_dir})
