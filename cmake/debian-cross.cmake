# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# Toolchain file: compiles on Debian for another processor, with Debian's cross compilers and a folder
# with Debian's libraries for it. scripts/other-linux sets the environment.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR $ENV{ATOMICFILE_PROCESSOR})
set(CMAKE_CXX_COMPILER $ENV{ATOMICFILE_COMPILER})
set(CMAKE_SYSROOT $ENV{ATOMICFILE_SYSROOT})
set(CMAKE_CROSSCOMPILING_EMULATOR $ENV{ATOMICFILE_EMULATOR} -L $ENV{ATOMICFILE_SYSROOT})

# Programs of this machine are of use, its libraries and headers are not.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
