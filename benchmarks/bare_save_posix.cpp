// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "bare_save.h"
#include "bare_sync.h"

#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

int require(int result, const char *call)
{
    if (result == -1) {
        std::perror(call);
        std::_Exit(1); // std::exit() is not for a program that has other threads
    }
    return result;
}

} // namespace

void bareSave(const std::string &directory, const std::string &name, std::string_view bytes)
{
    static unsigned counter = 0;
    const std::string staged = ".bare-" + std::to_string(++counter);

    const int folder = require(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC),
                               "open");
    const int file = require(
        ::openat(folder, staged.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600),
        "openat");
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written != static_cast<ssize_t>(bytes.size()))
        require(-1, "write");
    require(::fchmod(file, 0644), "fchmod");
    require(syncContent(file), "syncing the content");
    require(::close(file), "close");
    require(::renameat(folder, staged.c_str(), folder, name.c_str()), "renameat");
    require(syncNames(folder), "syncing the names");
    require(::close(folder), "close");
}
