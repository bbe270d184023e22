// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A command-line tool without an event loop, and without a QCoreApplication: it starts many saves at
// once, waits for each result, and lets the library finish before it ends.

#include <AtomicFile/AtomicFile>

#include <QFuture>
#include <QList>
#include <QTemporaryDir>
#include <QTextStream>

int main()
{
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    constexpr int count = 20;

    QList<QFuture<AtomicFileResult>> saves;
    for (int i = 0; i < count; ++i) {
        const QString path = scratch.filePath(QStringLiteral("part-%1").arg(i));
        saves += AtomicFile::writeFile(path, QByteArray::number(i));
    }
    for (const QFuture<AtomicFileResult> &save : std::as_const(saves)) {
        if (const AtomicFileResult result = save.result(); !result) {
            errors << result.errorString() << '\n';
            return 1;
        }
    }

    // Nobody keeps this future: the save is finished all the same before waitForPending returns.
    const QString last = scratch.filePath(QStringLiteral("last"));
    AtomicFile::writeFile(last, QByteArray("done"));
    if (!AtomicFile::waitForPending() || AtomicFile::readFile(last).result().bytes != "done") {
        errors << "The last save is missing\n";
        return 1;
    }
    return 0;
}
