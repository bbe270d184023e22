// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files by GLib and GIO; see ../README.md for what it reads and prints.
#include <gio/gio.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gboolean save(const char *method, const char *path, const char *bytes, gsize size)
{
    GError *error = NULL;
    gboolean ok = FALSE;
    if (strcmp(method, "gio") == 0) {
        GFile *file = g_file_new_for_path(path);
        ok = g_file_replace_contents(file, bytes, size, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL,
                                     &error);
        g_object_unref(file);
    } else {
        // Its default syncs the content where it replaces a file, and never where it makes one.
        const GFileSetContentsFlags flags = strcmp(method, "glib-durable") == 0
            ? G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE
            : G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_ONLY_EXISTING;
        ok = g_file_set_contents_full(path, bytes, (gssize)size, flags, 0666, &error);
    }
    if (!ok)
        fprintf(stderr, "%s\n", error->message);
    return ok;
}

int main(int argc, char **argv)
{
    char line[4096];
    if (argc != 2) {
        fprintf(stderr, "usage: benchmark_peer_glib glib|glib-durable|gio\n");
        return 2;
    }
    while (fgets(line, sizeof line, stdin)) {
        const char *directory = strtok(line, "\t\n");
        const int count = atoi(strtok(NULL, "\t\n"));
        const gsize size = (gsize)atol(strtok(NULL, "\t\n"));
        char *bytes = g_malloc(size + 1);
        memset(bytes, 'x', size);
        const gint64 start = g_get_monotonic_time();
        for (int i = 0; i < count; ++i) {
            char *path = g_strdup_printf("%s/%d", directory, i);
            if (!save(argv[1], path, bytes, size))
                return 1;
            g_free(path);
        }
        printf("%lld\n", (long long)(g_get_monotonic_time() - start) * 1000);
        fflush(stdout);
        g_free(bytes);
    }
    return 0;
}
