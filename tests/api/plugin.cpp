// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A plugin that saves: what plugin_host loads and unloads.

#include <AtomicFile/AtomicFile>

extern "C" Q_DECL_EXPORT void queueSaves(const char *directory, int count)
{
    for (int i = 0; i < count; ++i)
        AtomicFile::writeFile(QString::fromUtf8(directory) + QLatin1Char('/') + QString::number(i),
                              QByteArray(4096, 'x'));
}
