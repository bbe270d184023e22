// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "descriptors_posix.h"
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

Result<FileHandle> PosixFileSystem::createFile(DirectoryHandle directory, const Path &name,
                                               ModeBits mode)
{
    const int created = ::openat(descriptorOf(directory), name.c_str(),
                                 O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                                 static_cast<mode_t>(mode & mode::everything));
    if (created == -1 && errno == EINVAL) // FAT: characters that no name may hold there.
        return lastErrorAs(ErrorClass::InvalidPath, Call::CreateFile);
    if (created == -1)
        return lastError(Call::CreateFile);
    const int descriptor = clearOfStandardStreams(created);
    if (descriptor == -1) {
        const SystemError error = lastError(Call::CreateFile);
        // A failure leaves nothing behind; the first error is the one to report.
        (void)::unlinkat(descriptorOf(directory), name.c_str(), 0);
        return error;
    }
    return FileHandle{descriptor};
}

/**
 * O_NONBLOCK keeps a FIFO without a writer, a modem or a file under another program's lease from
 * stopping the thread; O_NOCTTY keeps a terminal from becoming ours. Neither matters to a regular
 * file. Codes that only something other than a regular file gives: ELOOP for a symbolic link (the
 * name has one component, so it is no cycle), ENXIO and ENODEV for a socket or a device that nobody
 * serves, EOPNOTSUPP for a socket on macOS.
 *
 * EWOULDBLOCK says that another program has a lease on the file (Samba takes them), and that the
 * kernel is just asking it to give that up: a moment later the file can be opened.
 */
Result<FileHandle> PosixFileSystem::openFile(DirectoryHandle directory, const Path &name,
                                             FileAccess access)
{
    const auto open = [&](int readOrWrite) {
        return clearOfStandardStreams(
            ::openat(descriptorOf(directory), name.c_str(),
                     readOrWrite | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    };
    int descriptor = open(access == FileAccess::Read ? O_RDONLY : O_RDWR);
    // NFS locks through a handle that may write only; elsewhere one that may read does as well.
    if (descriptor == -1 && access == FileAccess::Attributes && errno != EINTR && errno != ENOENT)
        descriptor = open(O_RDONLY);
    if (descriptor != -1)
        return FileHandle{descriptor};
    if (errno == ELOOP || errno == ENXIO || errno == ENODEV || errno == EOPNOTSUPP)
        return lastErrorAs(ErrorClass::NotRegularFile, Call::OpenFile);
    SystemError error = lastError(Call::OpenFile);
    error.mayPass = error.native.code == EWOULDBLOCK;
    return error;
}

/// EINTR is passed on like any other code. The descriptor is gone by then on Linux and macOS, and
/// another thread may have been given its number: closing again would close a stranger's file.
Status PosixFileSystem::closeFile(FileHandle file)
{
    return statusOf(Call::CloseFile, ::close(descriptorOf(file)));
}

Result<FileInfo> PosixFileSystem::statFile(FileHandle file, Times times)
{
    struct stat status = {};
    if (statDescriptor(descriptorOf(file), times, status) == -1)
        return lastError(Call::StatFile);
    return infoOf(status);
}

/**
 * flock and not fcntl's record locks: those belong to the process, so two handles of one process
 * would not see each other, and any close of the file would drop them. It keeps nobody from using
 * the file, so it needs no key. NFS says EBADF of a handle that may not write, and ENOLCK where the
 * server's lock service is missing.
 */
Status PosixFileSystem::lockFile(FileHandle file, const Path &)
{
    const int result = ::flock(descriptorOf(file), LOCK_EX | LOCK_NB);
    if (result == -1 && (errno == ENOLCK || errno == EBADF))
        return lastErrorAs(ErrorClass::Unsupported, Call::LockFile);
    return statusOf(Call::LockFile, result);
}

Result<std::size_t> PosixFileSystem::readAt(FileHandle file, std::int64_t offset,
                                            std::span<std::byte> buffer)
{
    const ssize_t count = ::pread(descriptorOf(file), buffer.data(), transferSize(buffer.size()),
                                  offset);
    if (count == -1)
        return lastError(Call::ReadAt);
    return static_cast<std::size_t>(count);
}

/**
 * A file system that takes nothing of a non-empty write and gives no reason breaks the rules of
 * POSIX, where only the end of a medium does that. So this is what it is reported as, and nobody
 * writes in a circle for ever; there is no native code, for none was given.
 */
Result<std::size_t> PosixFileSystem::writeAt(FileHandle file, std::int64_t offset,
                                             std::span<const std::byte> bytes)
{
    const ssize_t count = ::pwrite(descriptorOf(file), bytes.data(), transferSize(bytes.size()),
                                   offset);
    if (count == -1)
        return lastError(Call::WriteAt);
    if (count == 0 && !bytes.empty())
        return SystemError{ErrorClass::NoSpace, Call::WriteAt, {}};
    return static_cast<std::size_t>(count);
}

/// Every file may have holes here; a file system without them fills them without a word.
Status PosixFileSystem::allowHoles(FileHandle) { return {}; }

Status PosixFileSystem::setSize(FileHandle file, std::int64_t size)
{
    const int result = ::ftruncate(descriptorOf(file), size);
    // POSIX allows this beside EFBIG for a size that no file may have.
    if (result == -1 && errno == EINVAL)
        return lastErrorAs(ErrorClass::FileTooLarge, Call::SetSize);
    return statusOf(Call::SetSize, result);
}

} // namespace atomicfile
