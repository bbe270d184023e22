// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Continues after a save with QFuture::then. With a context object the continuation runs in that
// object's thread, and not at all once the object is gone.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTextStream>
#include <QThread>

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QStringLiteral("notes.txt"));
    const QString copy = scratch.filePath(QStringLiteral("notes copy.txt"));

    // Save, then copy what was saved, then look at both from the main thread.
    AtomicFile::writeTextFile(path, QStringLiteral("first note"))
        .then([path, copy](const AtomicFileResult &saved) {
            return saved ? AtomicFile::copyFile(path, copy) : QtFuture::makeReadyFuture(saved);
        })
        .unwrap()
        .then(&application, [&](const AtomicFileResult &copied) {
            const bool here = QThread::currentThread() == application.thread();
            const bool equal = AtomicFile::readFile(copy).result().bytes == "first note";
            if (!copied)
                errors << copied.errorString() << '\n';
            application.exit(copied && here && equal ? 0 : 1);
        });

    return application.exec();
}
