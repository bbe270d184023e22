// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves files in the ways that a program with Qt has; see ../README.md for what it reads and prints.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QSaveFile>
#include <QStringList>
#include <QTextStream>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace {

struct Task
{
    QStringList files;
    QByteArray bytes;
};

template<typename SaveOne>
bool eachInTurn(const Task &task, SaveOne saveOne)
{
    return std::all_of(task.files.begin(), task.files.end(), saveOne);
}

template<typename Device>
bool writeAll(Device &device, const QByteArray &bytes)
{
    return device.open(QIODevice::WriteOnly) && device.write(bytes) == bytes.size();
}

bool qFile(const Task &task)
{
    return eachInTurn(task, [&](const QString &path) {
        QFile file(path);
        return writeAll(file, task.bytes) && file.flush();
    });
}

template<typename File>
bool stream(const Task &task)
{
    return eachInTurn(task, [&](const QString &path) {
        File file(path);
        return writeAll(file, task.bytes) && file.commit();
    });
}

bool atomicFileWrite(const Task &task)
{
    return eachInTurn(task, [&](const QString &path) {
        return static_cast<bool>(AtomicFile::writeFile(path, task.bytes).result());
    });
}

bool atomicFileWritesAtOnce(const Task &task)
{
    std::vector<QFuture<AtomicFileResult>> futures;
    for (const QString &path : task.files)
        futures.push_back(AtomicFile::writeFile(path, task.bytes));
    return std::all_of(futures.begin(), futures.end(), [](QFuture<AtomicFileResult> &future) {
        return static_cast<bool>(future.result());
    });
}

bool atomicFileBatch(const Task &task)
{
    AtomicFileBatch batch;
    for (const QString &path : task.files)
        batch.write(path, task.bytes);
    const QList<AtomicFileResult> results = batch.commit().result();
    return std::all_of(results.begin(), results.end(),
                       [](const AtomicFileResult &result) { return static_cast<bool>(result); });
}

struct Method
{
    std::string_view name;
    bool (*save)(const Task &);
};

constexpr std::array methods = {
    Method{"qfile", qFile},
    Method{"qsavefile", stream<QSaveFile>},
    Method{"atomicfile-device", stream<AtomicFileDevice>},
    Method{"atomicfile-write", atomicFileWrite},
    Method{"atomicfile-writes", atomicFileWritesAtOnce},
    Method{"atomicfile-batch", atomicFileBatch},
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream in(stdin);
    QTextStream out(stdout);
    const std::string_view wanted = argc == 2 ? argv[1] : "";
    const auto *const method = std::find_if(
        methods.begin(), methods.end(), [&](const Method &known) { return known.name == wanted; });
    if (method == methods.end()) {
        out << "usage: benchmark_peer_qt METHOD\n";
        return 2;
    }
    QString line;
    while (in.readLineInto(&line)) {
        const QStringList words = line.split(QLatin1Char('\t'));
        Task task;
        task.bytes = QByteArray(words.at(2).toInt(), 'x');
        for (int i = 0; i < words.at(1).toInt(); ++i)
            task.files.append(QStringLiteral("%1/%2").arg(words.at(0)).arg(i));
        QElapsedTimer timer;
        timer.start();
        if (!method->save(task)) {
            out << "failed\n";
            return 1;
        }
        out << timer.nsecsElapsed() << Qt::endl;
    }
    return 0;
}
