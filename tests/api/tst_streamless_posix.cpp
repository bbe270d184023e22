// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfileoptions.h>

#include <QtCore/QFile>
#include <QtCore/QMetaEnum>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

/// A program without standard streams (a daemon, a child of a careless parent) prints all the same:
/// the system gives the numbers of the streams to whatever is opened next.
class TestStreamless : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsStrayOutputOutOfTheFile_data();
    void keepsStrayOutputOutOfTheFile();
};

void TestStreamless::keepsStrayOutputOutOfTheFile_data()
{
    QTest::addColumn<int>("durability");
    const auto levels = QMetaEnum::fromType<AtomicFileOptions::Durability>();
    for (int i = 0; i < levels.keyCount(); ++i)
        QTest::newRow(levels.key(i)) << levels.value(i);
}

void TestStreamless::keepsStrayOutputOutOfTheFile()
{
    QFETCH(const int, durability);
    const QTemporaryDir scratch;
    QVERIFY(scratch.isValid());
    const QString path = scratch.filePath(QStringLiteral("file"));

    QProcess program;
    program.start(QStringLiteral(STREAMLESS_PROGRAM),
                  {path, QString::number(durability), QStringLiteral("content")});
    QVERIFY(program.waitForFinished(60'000));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("content"));
}

QTEST_GUILESS_MAIN(TestStreamless)
#include "tst_streamless_posix.moc"
