# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# Toolchain file: compiles on Linux for macOS with Zig, which has the headers of that system and
# libc++. What needs Qt can be compiled, with the headers of this machine's Qt, but not linked.
# scripts/macos sets ATOMICFILE_ZIG.

set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR ${ATOMICFILE_MACOS_ARCHITECTURE})
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES ATOMICFILE_MACOS_ARCHITECTURE)
set(CMAKE_SIZEOF_VOID_P 8)

set(CMAKE_CXX_COMPILER "$ENV{ATOMICFILE_ZIG}/bin/c++")
set(CMAKE_CXX_COMPILER_TARGET ${ATOMICFILE_MACOS_ARCHITECTURE}-macos)
# Headers that Zig has not got.
set(CMAKE_CXX_STANDARD_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_LIST_DIR}/zig-macos")
set(CMAKE_AR "$ENV{ATOMICFILE_ZIG}/bin/ar" CACHE FILEPATH "Zig's archiver")
set(CMAKE_RANLIB "$ENV{ATOMICFILE_ZIG}/bin/ranlib" CACHE FILEPATH "Zig's indexer of archives")
# CMake insists on one. Nothing is installed.
set(CMAKE_INSTALL_NAME_TOOL false CACHE FILEPATH "None")

# The first program that Zig links has to wait for libc++ to be compiled; CMake's questions need none.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
# What moc reads waits for libraries to be linked. There is no Qt to link with, so what is missing is
# left open.
set(CMAKE_SHARED_LINKER_FLAGS_INIT "-Wl,-undefined,dynamic_lookup")
