// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// saver quit-WAY DIRECTORY COUNT  asks for COUNT saves and ends at once in the given way
// saver write FILE LETTER COUNT   replaces FILE by a large content of LETTER, COUNT times
// saver try FILE LETTER COUNT     the same, with little patience

#include <AtomicFile/AtomicFile>

#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

namespace {

void queueSaves(const QString &directory, int count)
{
    for (int i = 0; i < count; ++i)
        AtomicFile::writeFile(directory + QLatin1Char('/') + QString::number(i),
                              QByteArray(4096, 'x'));
}

/// Each save asks for the next, on whatever thread it ends.
void saveOneAfterTheOther(const QString &directory, int count)
{
    if (count == 0)
        return;
    AtomicFile::writeFile(directory + QLatin1Char('/') + QString::number(count - 1), "x")
        .then([directory, count](const AtomicFileResult &) {
            saveOneAfterTheOther(directory, count - 1);
        });
}

/// Saves at the very end of the program, after everything that was created later is gone.
struct LastWish
{
    QString directory;
    int count = 0;
    ~LastWish() { queueSaves(directory, count); }
};

LastWish lastWish;

int quitByEventLoop(int argc, char *argv[], const QString &directory, int count)
{
    const QCoreApplication application(argc, argv);
    QTimer::singleShot(0, &application, [&] {
        queueSaves(directory, count);
        QCoreApplication::quit();
    });
    return QCoreApplication::exec();
}

/// The object is destroyed with its operations running.
int quitWithObject(int argc, char *argv[], const QString &directory, int count)
{
    const QCoreApplication application(argc, argv);
    AtomicFile file;
    for (int i = 0; i < count; ++i) {
        file.setFileName(directory + QLatin1Char('/') + QString::number(i));
        file.write("x");
    }
    return 0;
}

int replace(const QString &path, char letter, int count, std::chrono::milliseconds patience)
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    options.busyTimeout = patience;
    for (int i = 0; i < count; ++i) {
        const auto result =
            AtomicFile::writeFile(path, QByteArray(100'000 + letter, letter), options).result();
        if (!result) {
            std::fprintf(stderr, "%s\n", qPrintable(result.errorString()));
            return EXIT_FAILURE;
        }
    }
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char *argv[])
{
    if (argc < 4)
        return 2;
    const std::string_view way = argv[1];
    const QString path = QString::fromLocal8Bit(argv[2]);
    // Where they can be in each other's way, several of these are all the time.
    if (way == "write" && argc > 4)
        return replace(path, argv[3][0], QByteArray(argv[4]).toInt(), std::chrono::minutes(1));
    if (way == "try" && argc > 4)
        return replace(path, argv[3][0], QByteArray(argv[4]).toInt(), std::chrono::seconds(1));
    const int count = QByteArray(argv[3]).toInt();
    if (way == "quit-event-loop")
        return quitByEventLoop(argc, argv, path, count);
    if (way == "quit-object")
        return quitWithObject(argc, argv, path, count);
    if (way == "quit-static") {
        queueSaves(path, 1); // Whatever this creates is gone before lastWish is.
        lastWish.directory = path;
        lastWish.count = count;
        return 0;
    }
    if (way == "quit-two-applications") {
        {
            const QCoreApplication first(argc, argv);
            queueSaves(path, 1);
        }
        const QCoreApplication second(argc, argv);
        queueSaves(path, count);
        return 0;
    }
    if (way == "quit-continuation") {
        saveOneAfterTheOther(path, count);
        return 0;
    }
    queueSaves(path, count);
    if (way == "quit-exit")
        std::exit(0); // NOLINT(concurrency-mt-unsafe): that is what is tested
    return way == "quit-return" ? 0 : 2;
}
