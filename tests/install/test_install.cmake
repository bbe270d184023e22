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
set(program "${SCRATCH}/consumer${CMAKE_EXECUTABLE_SUFFIX}")
file(REMOVE_RECURSE "${SCRATCH}")
file(MAKE_DIRECTORY "${SCRATCH}")

run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --config "${CONFIG}" --prefix "${prefix}")

if(WAY STREQUAL "cmake")
    run("${CMAKE_COMMAND}" -S "${CONSUMER_DIR}" -B "${SCRATCH}/build" -G "${GENERATOR}"
        "-DCMAKE_CXX_COMPILER=${COMPILER}"
        "-DCMAKE_CXX_FLAGS=${FLAGS}"
        "-DCMAKE_BUILD_TYPE=${CONFIG}"
        "-DCMAKE_PREFIX_PATH=${prefix}"
        "-DCONSUMER_HEADER_DIR=${prefix}/${INCLUDE_DIR}"
        "-DQt6_DIR=${QT_DIR}")
    run("${CMAKE_COMMAND}" --build "${SCRATCH}/build")
    set(program "${SCRATCH}/build/consumer${CMAKE_EXECUTABLE_SUFFIX}")
elseif(WAY STREQUAL "pkgconfig")
    set(ENV{PKG_CONFIG_PATH} "${prefix}/${LIBRARY_DIR}/pkgconfig:$ENV{PKG_CONFIG_PATH}")
    execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs AtomicFile
        OUTPUT_VARIABLE options OUTPUT_STRIP_TRAILING_WHITESPACE
        RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "pkg-config does not know AtomicFile")
    endif()
    separate_arguments(options UNIX_COMMAND "${options}")
    run("${COMPILER}" -std=c++17 ${FLAGS} "${CONSUMER_DIR}/main.cpp" -o "${program}" ${options}
        "-Wl,-rpath,${prefix}/${LIBRARY_DIR}")
else()
    message(FATAL_ERROR "Unknown way to find the library: ${WAY}")
endif()

run("${program}" "${SCRATCH}/saved.txt")

if(HAS_PROGRAM)
    # The installed program has to find the installed library without help.
    execute_process(COMMAND "${prefix}/${PROGRAM}" version-of "${SCRATCH}/saved.txt"
        OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE
        RESULT_VARIABLE status)
    if(NOT status EQUAL 0 OR version STREQUAL "")
        message(FATAL_ERROR "${prefix}/${PROGRAM} failed: ${status}")
    endif()
endif()
