// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A plugin that saves: what plugin_host loads.

#include <AtomicFile/AtomicFile>

namespace {

/// Saves when the plugin goes, and at the latest with the process.
struct LastWish
{
    QString directory;
    int count = 0;
    ~LastWish()
    {
        for (int i = 0; i < count; ++i)
            AtomicFile::writeFile(directory + QLatin1Char('/') + QString::number(i),
                                  QByteArray(4096, 'x'));
    }
};

LastWish lastWish;

} // namespace

extern "C" Q_DECL_EXPORT void saveAtTheEnd(const char *directory, int count)
{
    lastWish.directory = QString::fromUtf8(directory);
    lastWish.count = count;
}

extern "C" Q_DECL_EXPORT void queueSaves(const char *directory, int count)
{
    for (int i = 0; i < count; ++i)
        AtomicFile::writeFile(QString::fromUtf8(directory) + QLatin1Char('/') + QString::number(i),
                              QByteArray(4096, 'x'));
}
