# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# The library, its headers, a CMake package and a pkg-config file. The command-line program installs
# itself, in examples/atomicfile.

include(CMakePackageConfigHelpers)

set(atomicfile_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/AtomicFile")

install(TARGETS AtomicFile
    EXPORT AtomicFileTargets
    RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT AtomicFileTargets
    NAMESPACE AtomicFile::
    DESTINATION "${atomicfile_package_dir}")

configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/AtomicFileConfig.cmake.in"
    "${CMAKE_CURRENT_BINARY_DIR}/AtomicFileConfig.cmake"
    INSTALL_DESTINATION "${atomicfile_package_dir}")
# Until 1.0 the interface may change with the minor version.
write_basic_package_version_file(
    "${CMAKE_CURRENT_BINARY_DIR}/AtomicFileConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${CMAKE_CURRENT_BINARY_DIR}/AtomicFileConfig.cmake"
    "${CMAKE_CURRENT_BINARY_DIR}/AtomicFileConfigVersion.cmake"
    DESTINATION "${atomicfile_package_dir}")

# The prefix is found from where the file lies, so that an installation can be moved and
# `cmake --install --prefix` works.
file(RELATIVE_PATH atomicfile_pc_to_prefix
    "/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/prefix")
configure_file(
    "${CMAKE_CURRENT_LIST_DIR}/AtomicFile.pc.in"
    "${CMAKE_CURRENT_BINARY_DIR}/AtomicFile.pc"
    @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/AtomicFile.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
