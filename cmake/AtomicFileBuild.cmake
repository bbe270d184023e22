# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# How everything in this project is compiled.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
# The objects go into a shared library, so they are position independent whatever is built.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

get_property(atomicfile_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(PROJECT_IS_TOP_LEVEL AND NOT atomicfile_multi_config AND NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
endif()
if(PROJECT_IS_TOP_LEVEL AND NOT DEFINED BUILD_SHARED_LIBS)
    set(BUILD_SHARED_LIBS ON)
endif()

if(PROJECT_IS_TOP_LEVEL AND WIN32)
    # A program finds the library only beside itself.
    set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endif()

# Instrumentation concerns every target of the build, the tests and the examples included: a program
# that is not instrumented cannot load a library that is.
add_library(atomicfile_instrumentation INTERFACE)
if(ATOMICFILE_SANITIZE)
    target_compile_options(atomicfile_instrumentation INTERFACE
        -fsanitize=${ATOMICFILE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(atomicfile_instrumentation INTERFACE -fsanitize=${ATOMICFILE_SANITIZE})
endif()
if(ATOMICFILE_COVERAGE)
    # Atomic counters: several threads run the same lines.
    target_compile_options(atomicfile_instrumentation INTERFACE
        --coverage -fprofile-update=atomic)
    target_link_options(atomicfile_instrumentation INTERFACE --coverage)
endif()

# Linked privately by every target of the project, so that none of it reaches a user's build.
add_library(atomicfile_warnings INTERFACE)
target_link_libraries(atomicfile_warnings INTERFACE atomicfile_instrumentation)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(atomicfile_warnings INTERFACE
        -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
        -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual)
    if(ATOMICFILE_WARNINGS_AS_ERRORS)
        target_compile_options(atomicfile_warnings INTERFACE -Werror)
    endif()
    if(ATOMICFILE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # GCC's manual says of -fsanitize that it leads to false warnings of this kind.
        target_compile_options(atomicfile_warnings INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
if(MSVC)
    # The sources are UTF-8 and standard C++; what includes Qt is told so by Qt as well.
    target_compile_options(atomicfile_warnings INTERFACE /W4 /utf-8 /permissive-)
    if(ATOMICFILE_WARNINGS_AS_ERRORS)
        target_compile_options(atomicfile_warnings INTERFACE /WX)
    endif()
endif()
if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    target_compile_options(atomicfile_warnings INTERFACE
        -Wthread-safety -Werror=thread-safety)
endif()
target_compile_definitions(atomicfile_warnings INTERFACE
    QT_NO_KEYWORDS
    QT_NO_CAST_FROM_ASCII
    QT_NO_CAST_FROM_BYTEARRAY
    QT_NO_CAST_TO_ASCII
    QT_NO_FOREACH)
