# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT

# What the sanitizers have to be told, as ENVIRONMENT of every test. Of threads ThreadSanitizer has to
# remember much: a report without the stack of the other access matches no suppression. It takes the
# vfork() of QProcess, whose child shares the memory of this process, for a fork() of this process.
set(atomicfile_test_environment "")
if(ATOMICFILE_SANITIZE MATCHES "thread")
    list(APPEND atomicfile_test_environment
        "TSAN_OPTIONS=suppressions='${PROJECT_SOURCE_DIR}/tests/tsan.supp' second_deadlock_stack=1 history_size=7 die_after_fork=0")
endif()
if(ATOMICFILE_SANITIZE MATCHES "undefined")
    list(APPEND atomicfile_test_environment "UBSAN_OPTIONS=print_stacktrace=1")
endif()

# Qt Test without the folders of each target, which it defines as macros: nothing here asks for them, and
# precompiled headers have to be the same for all.
add_library(atomicfile_qt_test INTERFACE)
target_link_libraries(atomicfile_qt_test INTERFACE Qt6::Core $<LINK_ONLY:Qt6::Test>)
target_include_directories(atomicfile_qt_test SYSTEM INTERFACE
    $<TARGET_PROPERTY:Qt6::Test,INTERFACE_INCLUDE_DIRECTORIES>)
target_compile_definitions(atomicfile_qt_test INTERFACE QT_TESTLIB_LIB)

if(ATOMICFILE_PRECOMPILE_TEST_HEADERS)
    # Nobody links it: it is there for the headers, which every test program shares.
    file(CONFIGURE OUTPUT test_headers.cpp CONTENT "")
    add_library(atomicfile_test_headers OBJECT "${CMAKE_CURRENT_BINARY_DIR}/test_headers.cpp")
    target_link_libraries(atomicfile_test_headers PRIVATE atomicfile_qt_test atomicfile_warnings)
    target_precompile_headers(atomicfile_test_headers PRIVATE <QtTest/QtTest>)
endif()

# atomicfile_add_test(<name> SOURCES <file>... [LIBRARIES <target>...] [LABELS <label>...]
#                     [TIMEOUT <seconds>])
#
# Adds a Qt Test program and runs it with ctest. The program prints to the terminal, so that ctest's
# log holds every row that was skipped together with its reason.
function(atomicfile_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "SOURCES;LIBRARIES;LABELS")
    if(NOT arg_SOURCES)
        message(FATAL_ERROR "atomicfile_add_test(${name}): no SOURCES")
    endif()
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR
            "atomicfile_add_test(${name}): unknown arguments ${arg_UNPARSED_ARGUMENTS}")
    endif()
    if(NOT arg_TIMEOUT AND WIN32)
        set(arg_TIMEOUT 240) # In Wine a process that has done everything may fail to end.
    elseif(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 600)
    endif()

    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON)
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES} atomicfile_qt_test atomicfile_warnings)

    if(ATOMICFILE_PRECOMPILE_TEST_HEADERS)
        target_precompile_headers(${name} REUSE_FROM atomicfile_test_headers)
    endif()

    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES
        TIMEOUT ${arg_TIMEOUT}
        LABELS "${arg_LABELS}"
        ENVIRONMENT "QT_QPA_PLATFORM=offscreen;QTEST_FUNCTION_TIMEOUT=${arg_TIMEOUT}000;${atomicfile_test_environment}")
endfunction()

# atomicfile_test_starts(<name> <program>...)
#
# The test starts programs of the project, which have to be built before it runs.
function(atomicfile_test_starts name)
    # Compiling for macOS, there is no Qt to link a program with, and none is started.
    if(NOT ATOMICFILE_ONLY_COMPILES)
        add_dependencies(${name} ${ARGN})
    endif()
endfunction()
