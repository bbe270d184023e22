// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
//     benchmark_scenarios SCENARIO FOLDER...
//
// Does what a scenario is about once, and prints each figure that it gives: name, tabulator, value.
#include "measure.h"

#include <QCoreApplication>
#include <QFile>
#include <QTextStream>

#include <algorithm>
#include <array>
#include <string_view>

#include <fcntl.h>
#include <unistd.h>

namespace {

struct Named
{
    std::string_view name;
    Scenario run;
};

constexpr std::array scenarios = {
    Named{"background", savesInTheBackground},
    Named{"mixed", savesBesideABatch},
    Named{"stream", streams},
    Named{"change", changesAFile},
    Named{"move", movesAcross},
    Named{"copy", copies},
    Named{"queue", queues},
};

} // namespace

void report(const QString &name, double value)
{
    QTextStream(stdout) << name << '\t' << QString::number(value, 'g', 9) << Qt::endl;
}

qint64 memory(const QByteArray &field)
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith(field + ':'))
            return line.mid(field.size() + 1).simplified().split(' ').front().toLongLong() * 1024;
    }
    return 0;
}

double writeAndSync(const QString &path, qint64 size, const QByteArray &chunk)
{
    const int file = ::open(QFile::encodeName(path).constData(),
                            O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file == -1)
        return -1;
    bool ok = true;
    for (qint64 done = 0; ok && done < size; done += chunk.size())
        ok = ::write(file, chunk.constData(), static_cast<std::size_t>(chunk.size()))
            == chunk.size();
    const double sync = secondsOf([&] { ok = ok && ::fsync(file) == 0; });
    ok = ::close(file) == 0 && ok;
    return ok ? sync : -1;
}

bool settle(const QString &folder)
{
    const int directory = ::open(QFile::encodeName(folder).constData(),
                                 O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool ok = directory != -1 && ::syncfs(directory) == 0;
    return (directory == -1 || ::close(directory) == 0) && ok;
}

bool makeFile(const QString &path, qint64 size, qint64 hole)
{
    if (writeAndSync(path, size, QByteArray(1 << 20, 'a')) < 0)
        return false;
    QFile file(path);
    return hole == 0 || (file.open(QIODevice::ReadWrite) && file.resize(size + hole));
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const std::string_view wanted = argc > 2 ? argv[1] : "";
    const auto *const scenario = std::find_if(
        scenarios.begin(), scenarios.end(),
        [&](const Named &known) { return known.name == wanted; });
    if (scenario == scenarios.end()) {
        QTextStream(stderr) << "usage: benchmark_scenarios SCENARIO FOLDER...\n";
        return 2;
    }
    return scenario->run(application.arguments().mid(2)) ? 0 : 1;
}
