// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "platform/error.h"

namespace atomicfile::test {

/// Error codes of Windows, by the names that winerror.h has for them.
namespace win32 {
inline constexpr int invalidFunction = 1;
inline constexpr int fileNotFound = 2;
inline constexpr int pathNotFound = 3;
inline constexpr int tooManyOpenFiles = 4;
inline constexpr int accessDenied = 5;
inline constexpr int invalidHandle = 6;
inline constexpr int notEnoughMemory = 8;
inline constexpr int notSameDevice = 17;
inline constexpr int writeProtect = 19;
inline constexpr int notReady = 21;
inline constexpr int crc = 23;
inline constexpr int sharingViolation = 32;
inline constexpr int lockViolation = 33;
inline constexpr int notSupported = 50;
inline constexpr int networkNameDeleted = 64;
inline constexpr int fileExists = 80;
inline constexpr int invalidParameter = 87;
inline constexpr int diskFull = 112;
inline constexpr int invalidName = 123;
inline constexpr int directoryNotEmpty = 145;
inline constexpr int busy = 170;
inline constexpr int alreadyExists = 183;
inline constexpr int filenameTooLong = 206;
inline constexpr int fileTooLarge = 223;
inline constexpr int virusInfected = 225;
inline constexpr int directory = 267;
inline constexpr int deletePending = 303;
inline constexpr int fileSystemLimitation = 665;
inline constexpr int ioDevice = 1117;
inline constexpr int tooManyLinks = 1142;
inline constexpr int unableToRemoveReplaced = 1175;
inline constexpr int unableToMoveReplacement = 1176;
inline constexpr int halfReplaced = 1177; ///< ERROR_UNABLE_TO_MOVE_REPLACEMENT_2
inline constexpr int userMappedFile = 1224;
inline constexpr int diskQuotaExceeded = 1295;
inline constexpr int privilegeNotHeld = 1314;
inline constexpr int noSystemResources = 1450;
inline constexpr int cannotResolveName = 1921;
} // namespace win32

/// Whether the same call may succeed soon: SystemError::mayPass.
enum class Duration { Stays, MayPass };

/// Code 0 stands for an answer that the back-end gives without a system call.
SystemError win32Error(Call call, ErrorClass kind, int code, Duration duration = Duration::Stays);

/// What Windows says where Linux would have given this errno for this reason.
SystemError win32ErrorFor(Call call, ErrorClass kind, int errnoCode);

} // namespace atomicfile::test
