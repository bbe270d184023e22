// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files by the system calls alone that a durable save cannot do without, which is the limit; see
// ../README.md for what it reads and prints.
#define _GNU_SOURCE
#include "serve.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static int require(int result, const char *call)
{
    if (result == -1) {
        perror(call);
        exit(1);
    }
    return result;
}

static int save(const char *directory, const char *name, const char *bytes, size_t size)
{
    const int folder = require(open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open");
    const int file = require(
        openat(folder, ".staged", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666),
        "openat");
    if (write(file, bytes, size) != (ssize_t)size)
        require(-1, "write");
    require(fdatasync(file), "fdatasync");
    require(close(file), "close");
    require(renameat(folder, ".staged", folder, name), "renameat");
    require(fsync(folder), "fsync");
    require(close(folder), "close");
    return 1;
}

int main(void) { return serve(save); }
