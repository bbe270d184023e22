// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the README says of QSaveFile, side by side: each row does one thing with both classes. When a
// later Qt does better, this test says so and the README has to follow.

#include <AtomicFile/AtomicFile>

#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

namespace {

const QByteArray newContent("new content");

bool saveWithQt(const QString &path)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(newContent) == newContent.size()
        && file.commit();
}

bool isFifo(const QString &path)
{
    struct stat info = {};
    return ::lstat(QFile::encodeName(path).constData(), &info) == 0 && S_ISFIFO(info.st_mode);
}

} // namespace

class tst_QSaveFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fifoAsTarget();
    void nameOf252Bytes();
    void threadOfTheCaller();
};

void tst_QSaveFile::fifoAsTarget()
{
    const QTemporaryDir scratch;
    const QString fifo = scratch.filePath(QStringLiteral("fifo"));
    QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);

    const AtomicFileResult result = AtomicFile::writeFile(fifo, newContent).result();
    QCOMPARE(result.error(), AtomicFileResult::Error::NotRegularFile);
    QVERIFY(isFifo(fifo));

    QVERIFY(saveWithQt(fifo));
    QVERIFY(!isFifo(fifo));
}

void tst_QSaveFile::nameOf252Bytes()
{
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QString(252, QLatin1Char('n')));
    const QByteArray oldContent("old content");
    QVERIFY(AtomicFile::writeFile(path, oldContent).result());

    // An existing target needs a temporary name, which Qt makes longer than the target's.
    QVERIFY(!saveWithQt(path));
    QCOMPARE(AtomicFile::readFile(path).result().bytes, oldContent);

    QVERIFY(AtomicFile::writeFile(path, newContent).result());
    QCOMPARE(AtomicFile::readFile(path).result().bytes, newContent);
}

void tst_QSaveFile::threadOfTheCaller()
{
    // Asking for a save returns before it is done; the device that takes QSaveFile's place can do
    // that as well.
    const QTemporaryDir scratch;
    const QByteArray large(64 << 20, 'x');
    const QString path = scratch.filePath(QStringLiteral("large"));
    const QFuture<AtomicFileResult> saving = AtomicFile::writeFile(path, large);
    QVERIFY(!saving.isFinished());
    QVERIFY(saving.result());
    QCOMPARE(QFile(path).size(), large.size());
}

QTEST_GUILESS_MAIN(tst_QSaveFile)
#include "tst_qsavefile.moc"
