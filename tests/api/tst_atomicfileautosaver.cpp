// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// When an autosaver saves, what, and what becomes of a change that is not saved yet. Delays that must not
// pass during a test are an hour long.
#include <AtomicFile/AtomicFile>

#include "support/files.h"

#include <QtTest>

using namespace std::chrono_literals;
using Error = AtomicFileResult::Error;

namespace {

/// Only reached when something hangs.
constexpr int longest = 300'000;

} // namespace

class TestAutosaver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { AtomicFile::waitForPending(); }
    void savesAfterTheLastChange();
    void savesWhileChangesKeepComing();
    void savesOnceMoreAfterASave();
    void savesNow();
    void pauses();
    void triesAgain();
    void movesTheExpectedVersionOn();
    void keepsTheExpectedVersionWhileSaving();
    void needsContent();
    void savesWhenDestroyed_data();
    void savesWhenDestroyed();
    void savesWhenTheApplicationQuits();

private:
    QString path() const { return m_directory->filePath(QStringLiteral("file")); }
    QByteArray saved() const
    {
        AtomicFile::waitForPending();
        return AtomicFile::readFile(path()).result().bytes;
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestAutosaver::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
}

/// A burst of changes is one save, of the last of them.
void TestAutosaver::savesAfterTheLastChange()
{
    AtomicFileAutosaver autosaver(path());
    QSignalSpy savedSpy(&autosaver, &AtomicFileAutosaver::saved);
    QSignalSpy dirtySpy(&autosaver, &AtomicFileAutosaver::dirtyChanged);
    QByteArray content;
    int taken = 0;
    autosaver.setContent([&] {
        ++taken;
        return content;
    });
    autosaver.setInterval(20ms);
    for (int i = 0; i < 100; ++i) {
        content = QByteArray::number(i);
        autosaver.markDirty();
    }
    QVERIFY(autosaver.isDirty());
    QCOMPARE(dirtySpy.size(), 1);
    QVERIFY(savedSpy.wait(longest));
    QVERIFY(!autosaver.isDirty());
    QCOMPARE(dirtySpy.size(), 2);
    QCOMPARE(taken, 1);
    QCOMPARE(saved(), QByteArray("99"));
}

/// Each change puts the save off, but not for longer than the maximum.
void TestAutosaver::savesWhileChangesKeepComing()
{
    AtomicFileAutosaver autosaver(path());
    QSignalSpy savedSpy(&autosaver, &AtomicFileAutosaver::saved);
    autosaver.setContent([] { return QByteArray("content"); });
    autosaver.setInterval(1h);
    autosaver.setMaximumDelay(50ms);
    QTimer typing;
    connect(&typing, &QTimer::timeout, &autosaver, &AtomicFileAutosaver::markDirty);
    typing.start(1);
    QTRY_VERIFY_WITH_TIMEOUT(savedSpy.size() >= 2, longest);
    typing.stop();
    QCOMPARE(saved(), QByteArray("content"));
}

/// What changes after the content was taken is not lost with the save that does not hold it.
void TestAutosaver::savesOnceMoreAfterASave()
{
    AtomicFileAutosaver autosaver(path());
    QSignalSpy savedSpy(&autosaver, &AtomicFileAutosaver::saved);
    QByteArray content("first");
    autosaver.setContent([&] { return content; });
    autosaver.setInterval(0ms);
    autosaver.markDirty();
    const auto running = autosaver.saveNow();
    content = "second";
    autosaver.markDirty();
    QVERIFY(autosaver.isDirty());
    QTRY_COMPARE_WITH_TIMEOUT(savedSpy.size(), 2, longest);
    QVERIFY(!autosaver.isDirty());
    QVERIFY(running.result());
    QCOMPARE(saved(), QByteArray("second"));
}

void TestAutosaver::savesNow()
{
    AtomicFileAutosaver autosaver(path());
    autosaver.setInterval(1h);
    autosaver.setContent([] { return QByteArray("content"); });
    QVERIFY(autosaver.saveNow().result()); // Needs no event loop.
    QCOMPARE(saved(), QByteArray("content"));
    QVERIFY(!autosaver.isDirty());
    autosaver.markDirty();
    QVERIFY(autosaver.saveNow().result());
    QTRY_VERIFY_WITH_TIMEOUT(!autosaver.isDirty(), longest);
}

void TestAutosaver::pauses()
{
    AtomicFileAutosaver autosaver(path());
    QSignalSpy savedSpy(&autosaver, &AtomicFileAutosaver::saved);
    autosaver.setInterval(0ms);
    autosaver.setContent([] { return QByteArray("content"); });
    autosaver.setPaused(true);
    autosaver.markDirty();
    // Another one that has the same time and is not paused saves meanwhile.
    AtomicFileAutosaver other(path() + QStringLiteral(".other"));
    QSignalSpy otherSpy(&other, &AtomicFileAutosaver::saved);
    other.setInterval(0ms);
    other.setContent([] { return QByteArray("content"); });
    other.markDirty();
    QVERIFY(otherSpy.wait(longest));
    QCOMPARE(savedSpy.size(), 0);
    QVERIFY(!QFile::exists(path()));
    QVERIFY(autosaver.isDirty());
    autosaver.setPaused(false);
    QVERIFY(savedSpy.wait(longest));
    QVERIFY(!autosaver.isDirty());
}

/// After a failure it stays dirty and tries again by itself, later each time.
void TestAutosaver::triesAgain()
{
    const QString missing = m_directory->filePath(QStringLiteral("missing/file"));
    AtomicFileAutosaver autosaver(missing);
    QSignalSpy savedSpy(&autosaver, &AtomicFileAutosaver::saved);
    QSignalSpy failedSpy(&autosaver, &AtomicFileAutosaver::saveFailed);
    QElapsedTimer sinceFirst;
    sinceFirst.start();
    autosaver.setContent([] { return QByteArray("content"); });
    autosaver.setInterval(0ms);
    autosaver.markDirty();
    QVERIFY(failedSpy.wait(longest));
    QVERIFY(autosaver.isDirty());
    QCOMPARE(failedSpy.front().front().value<AtomicFileResult>().error(), Error::NotFound);
    autosaver.markDirty();
    QTRY_VERIFY_WITH_TIMEOUT(failedSpy.size() >= 2, longest);
    // The changes do not hurry it: 100 ms after the first failure, 200 ms after the second.
    QVERIFY(sinceFirst.elapsed() >= 100);
    QVERIFY(QDir().mkdir(m_directory->filePath(QStringLiteral("missing"))));
    QVERIFY(savedSpy.wait(longest));
    QVERIFY(!autosaver.isDirty());
}

/// Own saves are no conflict, somebody else's is, until the caller has looked at it.
void TestAutosaver::movesTheExpectedVersionOn()
{
    AtomicFileAutosaver autosaver(path());
    int number = 0;
    autosaver.setContent([&] { return QByteArray::number(++number); });
    AtomicFileOptions options;
    options.expectedVersion = AtomicFileVersion();
    autosaver.setOptions(options);
    const auto first = autosaver.saveNow();
    const auto second = autosaver.saveNow();
    QVERIFY(first.result());
    QVERIFY2(second.result(), qPrintable(second.result().errorString()));
    QTRY_VERIFY_WITH_TIMEOUT(autosaver.options().expectedVersion == second.result().version(),
                             longest);
    const AtomicFileResult foreign = AtomicFile::writeFile(path(), "of somebody else").result();
    QVERIFY(foreign);
    QCOMPARE(autosaver.saveNow().result().error(), Error::Conflict);
    QCOMPARE(saved(), QByteArray("of somebody else"));
    options.expectedVersion = foreign.version();
    autosaver.setOptions(options);
    QVERIFY(autosaver.saveNow().result());
}

/// Options may be changed while a save is running: they do not take the version back.
void TestAutosaver::keepsTheExpectedVersionWhileSaving()
{
    AtomicFileAutosaver autosaver(path());
    int number = 0;
    autosaver.setContent([&] { return QByteArray::number(++number); });
    AtomicFileOptions options;
    options.expectedVersion = AtomicFileVersion();
    autosaver.setOptions(options);
    const auto first = autosaver.saveNow();
    options = autosaver.options();
    options.backup.generations = 1;
    autosaver.setOptions(options);
    QVERIFY(first.result());
    const AtomicFileResult second = autosaver.saveNow().result();
    QVERIFY2(second, qPrintable(second.errorString()));
    QVERIFY(!second.backupFileName().isEmpty());
    autosaver.setFileName(path() + QStringLiteral(" as"));
    QVERIFY(!autosaver.options().expectedVersion);
    QVERIFY(autosaver.saveNow().result());
}

void TestAutosaver::needsContent()
{
    AtomicFileAutosaver autosaver(path());
    const AtomicFileResult result = autosaver.saveNow().result();
    QCOMPARE(result.error(), Error::Unsupported);
    QCOMPARE(result.step(), AtomicFileResult::Step::Write);
    QVERIFY(!QFile::exists(path()));
}

void TestAutosaver::savesWhenDestroyed_data()
{
    QTest::addColumn<bool>("paused");
    QTest::newRow("running") << false;
    QTest::newRow("paused") << true;
}

void TestAutosaver::savesWhenDestroyed()
{
    QFETCH(const bool, paused);
    {
        AtomicFileAutosaver autosaver(path());
        autosaver.setInterval(1h);
        autosaver.setContent([] { return QByteArray("content"); });
        autosaver.setPaused(paused);
        autosaver.markDirty();
    }
    QCOMPARE(saved(), QByteArray("content"));
}

/// The signal stands for the end of the application, which would end the test.
void TestAutosaver::savesWhenTheApplicationQuits()
{
    AtomicFileAutosaver autosaver(path());
    autosaver.setInterval(1h);
    autosaver.setContent([] { return QByteArray("content"); });
    autosaver.markDirty();
    QMetaObject::invokeMethod(qApp, "aboutToQuit", Qt::DirectConnection);
    QCOMPARE(saved(), QByteArray("content"));
}

QTEST_GUILESS_MAIN(TestAutosaver)
#include "tst_atomicfileautosaver.moc"
