// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files by GLib and GIO; see ../README.md for what it reads and prints.
#define _GNU_SOURCE
#include "serve.h"

#include <gio/gio.h>

static const char *method = NULL;

static int save(const char *directory, const char *name, const char *bytes, size_t size)
{
    GError *error = NULL;
    gboolean ok = FALSE;
    char *path = g_build_filename(directory, name, NULL);
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
    g_free(path);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: benchmark_peer_glib glib|glib-durable|gio\n");
        return 2;
    }
    method = argv[1];
    return serve(save);
}
