// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#ifndef SERVE_H
#define SERVE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/// Makes bytes the content of the file with that name in the directory; 0 if that failed.
typedef int Save(const char *directory, const char *name, const char *bytes, size_t size);

static long long serveClock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/// Does what ../README.md says of peers; gives what main() returns.
static int serve(Save *save)
{
    char line[4096];
    while (fgets(line, sizeof line, stdin)) {
        const char *directory = strtok(line, "\t\n");
        const int count = atoi(strtok(NULL, "\t\n"));
        const size_t size = (size_t)atol(strtok(NULL, "\t\n"));
        char *bytes = malloc(size + 1);
        memset(bytes, 'x', size);
        const long long start = serveClock();
        for (int i = 0; i < count; ++i) {
            char name[16];
            snprintf(name, sizeof name, "%d", i);
            if (!save(directory, name, bytes, size))
                return 1;
        }
        printf("%lld\n", serveClock() - start);
        fflush(stdout);
        free(bytes);
    }
    return 0;
}

#endif
