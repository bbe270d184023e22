// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Replaces a database file with one that was downloaded. The download goes under a name of its own,
// is checked there, and only then moved over the file that programs read: with readFile() each of them
// has the old database or the new one, and is in nobody's way. An open QFile would keep the file from
// being replaced on Windows.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

QByteArray checksum(const QByteArray &bytes)
{
    return QCryptographicHash::hash(bytes, QCryptographicHash::Sha256);
}

bool isIntact(const QString &download, const QByteArray &promised)
{
    const AtomicFileContent content = AtomicFile::readFile(download).result();
    return content.result && checksum(content.bytes) == promised;
}

AtomicFileResult replaceDatabase(const QString &download, const QString &database)
{
    AtomicFileOptions options;
    options.existing = AtomicFileOptions::Existing::MustExist; // an update never installs
    return AtomicFile::moveFile(download, database, options).result();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QString database = scratch.filePath(QStringLiteral("signatures.db"));
    const QString download = scratch.filePath(QStringLiteral("signatures.db.download"));
    const QByteArray oldBytes(64 << 10, 'o');
    const QByteArray newBytes(96 << 10, 'n');

    if (!AtomicFile::writeFile(database, oldBytes).result()
        || !AtomicFile::writeFile(download, newBytes).result())
        return 1;

    const AtomicFileContent before = AtomicFile::readFile(database).result();

    if (!isIntact(download, checksum(newBytes))) {
        errors << "The download is damaged; the database stays as it is\n";
        return 1;
    }
    const AtomicFileResult result = replaceDatabase(download, database);
    if (!result) {
        errors << result.errorString() << '\n';
        return 1;
    }

    const AtomicFileContent after = AtomicFile::readFile(database).result();
    if (before.bytes != oldBytes || after.bytes != newBytes || before.version == after.version
        || QFile::exists(download)) {
        errors << "The database was not replaced as a whole\n";
        return 1;
    }
    return 0;
}
