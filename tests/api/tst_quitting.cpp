// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <QtCore/QDir>
#include <QtCore/QProcess>
#include <QtCore/QProcessEnvironment>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

/// A program that ends while it saves finishes everything that was accepted.
class TestQuitting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void finishesWhatWasAccepted_data();
    void finishesWhatWasAccepted();
    void finishesWhatAPluginAskedFor_data();
    void finishesWhatAPluginAskedFor();
};

namespace {

constexpr int count = 40;

void runToItsEnd(const QString &program, const QStringList &arguments)
{
    QProcess process;
    // The shared executor is never deleted: with an unloaded library its last reference goes.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("ASAN_OPTIONS"),
                       environment.value(QStringLiteral("ASAN_OPTIONS"))
                           + QStringLiteral(":detect_leaks=0"));
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedChannels);
    process.start(program, arguments);
    QVERIFY(process.waitForFinished(60'000));
    QCOMPARE(process.exitStatus(), QProcess::NormalExit);
    QCOMPARE(process.exitCode(), 0);
}

void verifySaved(const QString &path)
{
    const QDir directory(path);
    QCOMPARE(directory.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(),
             count);
    for (int i = 0; i < count; ++i)
        QVERIFY2(QFileInfo(directory.filePath(QString::number(i))).size() > 0,
                 qPrintable(QString::number(i)));
}

} // namespace

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
    const QTemporaryDir scratch;
    QVERIFY(scratch.isValid());
    runToItsEnd(QStringLiteral(SAVER_PROGRAM), {way, scratch.path(), QString::number(count)});
    verifySaved(scratch.path());
}

void TestQuitting::finishesWhatAPluginAskedFor_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("before it is unloaded") << QStringLiteral("unload");
    // On Windows it has no threads by then.
    QTest::newRow("from its static object's destructor") << QStringLiteral("stay");
}

/// And nothing of the library is called when the application ends after it. GCC marks the library as
/// one that stays where the C library is glibc, so there this is to be seen with Clang.
void TestQuitting::finishesWhatAPluginAskedFor()
{
    QFETCH(const QString, way);
    const QTemporaryDir scratch;
    QVERIFY(scratch.isValid());
    runToItsEnd(QStringLiteral(PLUGIN_HOST),
                {way, QStringLiteral(PLUGIN_FILE), scratch.path(), QString::number(count)});
    verifySaved(scratch.path());
}

QTEST_GUILESS_MAIN(TestQuitting)
#include "tst_quitting.moc"
