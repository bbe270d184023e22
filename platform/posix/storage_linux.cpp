// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

/// Not posix_fallocate, which writes zeros where the file system cannot reserve.
Status PosixFileSystem::reserve(FileHandle file, std::int64_t size)
{
    if (size == 0) // Nothing to reserve; the system call takes a length of 0 for a mistake.
        return {};
    const int result = ::fallocate(descriptorOf(file), FALLOC_FL_KEEP_SIZE, 0, size);
    if (result == -1 && errno == EINVAL) // Some FUSE file systems do not know the flag.
        return lastErrorAs(ErrorClass::Unsupported, Call::Reserve);
    return statusOf(Call::Reserve, result);
}

/// A file system without shared storage answers EOPNOTSUPP, EINVAL or EBADF, by its age. The handles
/// are known to be open for what is asked, so EBADF has no other reason.
Status PosixFileSystem::cloneContent(FileHandle source, FileHandle destination)
{
    const int result = ::ioctl(descriptorOf(destination), FICLONE, descriptorOf(source));
    if (result == -1 && (errno == EINVAL || errno == EBADF))
        return lastErrorAs(ErrorClass::Unsupported, Call::CloneContent);
    return statusOf(Call::CloneContent, result);
}

/// Linux clones into an open file: see cloneContent.
Result<FileHandle> PosixFileSystem::cloneFile(FileHandle, DirectoryHandle, const Path &, ModeBits)
{
    return SystemError{ErrorClass::Unsupported, Call::CloneFile, {}};
}

Result<std::size_t> PosixFileSystem::copyRange(FileHandle source, FileHandle destination,
                                               std::int64_t offset, std::size_t length)
{
    off_t sourceOffset = offset;
    off_t destinationOffset = offset;
    const ssize_t count = ::copy_file_range(descriptorOf(source), &sourceOffset,
                                            descriptorOf(destination), &destinationOffset,
                                            transferSize(length), 0);
    if (count == -1 && errno == EINVAL) // A file system that cannot, or a kernel's pseudo-file.
        return lastErrorAs(ErrorClass::Unsupported, Call::CopyRange);
    if (count == -1)
        return lastError(Call::CopyRange);
    return static_cast<std::size_t>(count);
}

} // namespace atomicfile
