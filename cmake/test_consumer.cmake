# Installs the library of build tree BUILD below it, then builds and runs tests/consumer against
# that. GENERATOR, COMPILER, FLAGS and TYPE are those of the library, so that sanitizers match.
cmake_minimum_required(VERSION 3.22)
set(prefix ${BUILD}/consumer/prefix)
set(tree ${BUILD}/consumer/build)
file(REMOVE_RECURSE ${BUILD}/consumer)

function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix} --config ${TYPE})
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR}/../tests/consumer -B ${tree} -G ${GENERATOR}
    -D CMAKE_PREFIX_PATH=${prefix} -D CMAKE_CXX_COMPILER=${COMPILER} -D CMAKE_CXX_FLAGS=${FLAGS}
    -D CMAKE_BUILD_TYPE=${TYPE})
run(${CMAKE_COMMAND} --build ${tree} --config ${TYPE})
run(${tree}/consumer)
