# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# Installs the build into a fresh prefix, builds a separate program against it and runs the program.

cmake_minimum_required(VERSION 3.23)

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${status} from: ${command}")
    endif()
endfunction()

set(prefix "${SCRATCH}/prefix")
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")

run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --config "${CONFIG}" --prefix "${prefix}")

set(cross)
if(TOOLCHAIN)
    list(APPEND cross "-DCMAKE_TOOLCHAIN_FILE=${TOOLCHAIN}" "-DCMAKE_FIND_ROOT_PATH=${prefix}"
        "-DQT_CHAINLOAD_TOOLCHAIN_FILE=${CHAINLOADED}")
endif()

if(WAY STREQUAL "cmake")
    run("${CMAKE_COMMAND}" -S "${CONSUMER_DIR}" -B "${SCRATCH}/build" -G "${GENERATOR}"
        "-DCMAKE_CXX_COMPILER=${COMPILER}"
        "-DCMAKE_CXX_FLAGS=${FLAGS}"
        "-DCMAKE_BUILD_TYPE=${CONFIG}"
        "-DCMAKE_PREFIX_PATH=${prefix}"
        "-DCONSUMER_HEADER_DIR=${prefix}/${INCLUDE_DIR}"
        "-DQt6_DIR=${QT_DIR}"
        ${cross})
    run("${CMAKE_COMMAND}" --build "${SCRATCH}/build" --config "${CONFIG}")
    file(READ "${SCRATCH}/build/program-${CONFIG}.txt" program)
elseif(WAY STREQUAL "pkgconfig")
    set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBRARY_DIR}/pkgconfig:$ENV{PKG_CONFIG_PATH}")
    execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs AtomicFile
        OUTPUT_VARIABLE options OUTPUT_STRIP_TRAILING_WHITESPACE
        RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "pkg-config does not know AtomicFile")
    endif()
    separate_arguments(options UNIX_COMMAND "${options}")
    set(program "${SCRATCH}/consumer")
    run("${COMPILER}" -std=c++17 ${FLAGS} "${CONSUMER_DIR}/main.cpp" -o "${program}" ${options}
        "-Wl,-rpath,${prefix}/${LIBRARY_DIR}")
else()
    message(FATAL_ERROR "Unknown way to find the library: ${WAY}")
endif()

# Not by its absolute path: this may be another system's.
run(${EMULATOR} "${program}" saved.txt WORKING_DIRECTORY "${SCRATCH}")

if(HAS_PROGRAM)
    # The installed program has to find the installed library without help.
    execute_process(COMMAND ${EMULATOR} "${prefix}/${PROGRAM}" version-of saved.txt
        WORKING_DIRECTORY "${SCRATCH}"
        OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE
        RESULT_VARIABLE status)
    if(NOT status EQUAL 0 OR version STREQUAL "")
        message(FATAL_ERROR "${prefix}/${PROGRAM} failed: ${status}")
    endif()
endif()
