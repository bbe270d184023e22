// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files by the system calls alone that a durable save cannot do without, which is the limit; see
// ../README.md for what it reads and prints.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int require(int result, const char *call)
{
    if (result == -1) {
        perror(call);
        exit(1);
    }
    return result;
}

static void save(const char *directory, const char *name, const char *bytes, size_t size)
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
}

static long long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(void)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        const char *directory = strtok(line, "\t\n");
        const int count = atoi(strtok(NULL, "\t\n"));
        const size_t size = (size_t)atol(strtok(NULL, "\t\n"));
        char *bytes = malloc(size + 1);
        memset(bytes, 'x', size);
        const long long start = now();
        for (int i = 0; i < count; ++i) {
            char name[16];
            snprintf(name, sizeof name, "%d", i);
            save(directory, name, bytes, size);
        }
        printf("%lld\n", now() - start);
        fflush(stdout);
        free(bytes);
    }
    return 0;
}
