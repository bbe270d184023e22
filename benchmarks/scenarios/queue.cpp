// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "measure.h"

#include <AtomicFile/AtomicFile>

#include <QDir>

#include <algorithm>
#include <vector>

namespace {

/// Seconds for each of so many saves that are asked for at once, or a negative number.
double secondsForEach(const QString &folder, int count, double *bytesEach)
{
    const QByteArray bytes(64, 'x');
    std::vector<QString> paths;
    paths.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i)
        paths.push_back(QStringLiteral("%1/%2").arg(folder).arg(i));
    std::vector<QFuture<AtomicFileResult>> futures;
    futures.reserve(paths.size());
    bool ok = true;
    const double seconds = secondsOf([&] {
        const qint64 before = memory("VmRSS");
        for (const QString &path : paths)
            futures.push_back(AtomicFile::writeFile(path, bytes));
        *bytesEach = static_cast<double>(memory("VmRSS") - before) / count;
        ok = std::all_of(futures.begin(), futures.end(), [](QFuture<AtomicFileResult> &future) {
            return static_cast<bool>(future.result());
        });
    });
    return ok ? seconds / count : -1;
}

} // namespace

/// Whether a save costs more where many wait.
bool queues(const QStringList &folders)
{
    constexpr int warmUp = 100; // What the first saves load for good is not kept for each.
    bool ok = true;
    for (const int count : {warmUp, 1'000, 10'000, 100'000}) {
        const QString folder = QStringLiteral("%1/queue%2").arg(folders.front()).arg(count);
        double bytesEach = 0;
        ok = QDir().mkpath(folder) && ok;
        const double seconds = secondsForEach(folder, count, &bytesEach);
        ok = seconds >= 0 && ok;
        if (count != warmUp) {
            report(QStringLiteral("each of %1").arg(count), seconds);
            report(QStringLiteral("memory for each of %1").arg(count), bytesEach);
        }
        ok = QDir(folder).removeRecursively() && ok;
    }
    return ok;
}
