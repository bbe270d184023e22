// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <QtCore/QDir>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

/// A program that ends while it saves finishes everything that was accepted.
class TestQuitting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishesWhatWasAccepted_data();
    void finishesWhatWasAccepted();
};

void TestQuitting::finishesWhatWasAccepted_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("return from main, no application") << QStringLiteral("quit-return");
    QTest::newRow("exit(), no application") << QStringLiteral("quit-exit");
    QTest::newRow("from a continuation, no application") << QStringLiteral("quit-continuation");
    QTest::newRow("quit the event loop") << QStringLiteral("quit-event-loop");
    QTest::newRow("destroy the object that saves") << QStringLiteral("quit-object");
    QTest::newRow("one application after the other") << QStringLiteral("quit-two-applications");
    QTest::newRow("from a static object's destructor") << QStringLiteral("quit-static");
}

void TestQuitting::finishesWhatWasAccepted()
{
    QFETCH(const QString, way);
    constexpr int count = 40;
    const QTemporaryDir scratch;
    QVERIFY(scratch.isValid());

    QProcess saver;
    saver.setProcessChannelMode(QProcess::ForwardedChannels);
    saver.start(QStringLiteral(SAVER_PROGRAM), {way, scratch.path(), QString::number(count)});
    QVERIFY(saver.waitForFinished(60'000));
    QCOMPARE(saver.exitStatus(), QProcess::NormalExit);
    QCOMPARE(saver.exitCode(), 0);

    const QDir directory(scratch.path());
    QCOMPARE(directory.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(),
             count);
    for (int i = 0; i < count; ++i)
        QVERIFY2(QFileInfo(directory.filePath(QString::number(i))).size() > 0,
                 qPrintable(QString::number(i)));
}

QTEST_GUILESS_MAIN(TestQuitting)
#include "tst_quitting.moc"
