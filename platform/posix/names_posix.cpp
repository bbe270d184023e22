// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "error_posix.h"
#include "filesystem_posix.h"
#include "native_posix.h"

#include <cerrno>
#include <string>

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

namespace atomicfile {

using namespace posix;

Result<FileInfo> PosixFileSystem::stat(DirectoryHandle directory, const Path &name)
{
    struct stat status = {};
    if (::fstatat(descriptorOf(directory), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == -1)
        return lastError(Call::Stat);
    return infoOf(status);
}

/**
 * Asks for the effective ids, as open would. Linux before 5.8 with musl and macOS before 13 know
 * AT_EACCESS but answer EINVAL to AT_SYMLINK_NOFOLLOW together with it. Asking once more without it
 * is safe: callers come here with regular files, and should somebody swap a symbolic link in just
 * now, then only this answer is about another file; whatever is done later works on the name.
 */
Status PosixFileSystem::checkWritable(DirectoryHandle directory, const Path &name)
{
    const int descriptor = descriptorOf(directory);
    int result = ::faccessat(descriptor, name.c_str(), W_OK, AT_EACCESS | AT_SYMLINK_NOFOLLOW);
    if (result == -1 && errno == EINVAL)
        result = ::faccessat(descriptor, name.c_str(), W_OK, AT_EACCESS);
    // Some systems say so of a program that is running. Replacing it is harmless: the running one
    // keeps the old file.
    if (result == -1 && errno == ETXTBSY)
        return {};
    return statusOf(Call::CheckWritable, result);
}

Result<Path> PosixFileSystem::readLink(DirectoryHandle directory, const Path &name)
{
    // The call cuts an answer that is too long without a word, so a full buffer proves nothing.
    std::string buffer(1024, '\0');
    for (;;) {
        const ssize_t length = ::readlinkat(descriptorOf(directory), name.c_str(), buffer.data(),
                                            buffer.size());
        if (length == -1 && errno == EINVAL) // The name is not a symbolic link.
            return lastErrorAs(ErrorClass::InvalidPath, Call::ReadLink);
        if (length == -1)
            return lastError(Call::ReadLink);
        if (const auto used = static_cast<std::size_t>(length); used < buffer.size()) {
            buffer.resize(used);
            return Path(std::move(buffer));
        }
        buffer.resize(buffer.size() * 2);
    }
}

Status PosixFileSystem::createSymlink(DirectoryHandle directory, const Path &name,
                                      const Path &destination)
{
    const int result = ::symlinkat(destination.c_str(), descriptorOf(directory), name.c_str());
    if (result == -1 && errno == EPERM) // The file system has no symbolic links (FAT, exFAT).
        return lastErrorAs(ErrorClass::Unsupported, Call::CreateSymlink);
    return statusOf(Call::CreateSymlink, result);
}

Status PosixFileSystem::rename(DirectoryHandle fromDirectory, const Path &from,
                               DirectoryHandle toDirectory, const Path &to)
{
    const int result = ::renameat(descriptorOf(fromDirectory), from.c_str(),
                                  descriptorOf(toDirectory), to.c_str());
    if (result == -1 && errno == EINVAL) // FAT: characters that no name may hold there.
        return lastErrorAs(ErrorClass::InvalidPath, Call::Rename);
    return statusOf(Call::Rename, result);
}

/// No call of these systems does all of this: what rename replaces has no name any more.
Status PosixFileSystem::replace(DirectoryHandle, const Path &, const Path &, const Path &)
{
    return SystemError{ErrorClass::Unsupported, Call::Replace, {}};
}

/**
 * EPERM has three meanings here. The file system has no hard links (exFAT); Linux's
 * fs.protected_hardlinks forbids one to a file that the caller neither owns nor may read and write;
 * the file is immutable. Nothing tells them apart, and in all three the answer that callers need is
 * the same: no second name can be had, take another way. A directory that may not be written gives
 * EACCES and stays PermissionDenied. Without AT_SYMLINK_FOLLOW a symbolic link is linked itself.
 */
Status PosixFileSystem::link(DirectoryHandle fromDirectory, const Path &from,
                             DirectoryHandle toDirectory, const Path &to)
{
    const int result = ::linkat(descriptorOf(fromDirectory), from.c_str(),
                                descriptorOf(toDirectory), to.c_str(), 0);
    if (result == -1 && errno == EPERM)
        return lastErrorAs(ErrorClass::Unsupported, Call::Link);
    if (result == -1 && errno == EINVAL) // As for rename.
        return lastErrorAs(ErrorClass::InvalidPath, Call::Link);
    return statusOf(Call::Link, result);
}

Status PosixFileSystem::unlink(DirectoryHandle directory, const Path &name)
{
    return statusOf(Call::Unlink, ::unlinkat(descriptorOf(directory), name.c_str(), 0));
}

} // namespace atomicfile
