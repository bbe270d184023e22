// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Moves a full log into an archive folder, which may lie on another volume, and starts a new one. An
// archive that is there already is never overwritten.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

/// Moves the log to the first free number in the archive.
AtomicFileResult rotate(const QString &log, const QDir &archive)
{
    AtomicFileOptions options;
    options.existing = AtomicFileOptions::Existing::CreateNew;
    for (int number = 1;; ++number) {
        const QString name = QStringLiteral("service.%1.log").arg(number, 4, 10, QLatin1Char('0'));
        AtomicFileResult result = AtomicFile::moveFile(log, archive.filePath(name), options)
                                      .result();
        if (result.error() != AtomicFileResult::Error::AlreadyExists)
            return result;
    }
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QString log = scratch.filePath(QStringLiteral("service.log"));
    QDir archive(scratch.path());
    if (!archive.mkdir(QStringLiteral("archive")) || !archive.cd(QStringLiteral("archive")))
        return 1;

    for (int day = 1; day <= 3; ++day) {
        const QByteArray lines = QByteArray("day ") + QByteArray::number(day) + '\n';
        if (!AtomicFile::writeFile(log, lines).result())
            return 1;
        const AtomicFileResult result = rotate(log, archive);
        if (!result) {
            errors << result.errorString() << '\n';
            return 1;
        }
    }

    const QStringList names = archive.entryList(QDir::Files | QDir::Hidden, QDir::Name);
    const QByteArray last = AtomicFile::readFile(archive.filePath(names.value(2))).result().bytes;
    if (names.size() != 3 || last != "day 3\n" || QFile::exists(log)) {
        errors << "The logs were not archived one by one\n";
        return 1;
    }
    return 0;
}
