// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "watch.h"

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QProcess>
#include <QtCore/QSaveFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtCore/QTimer>

#include <atomic>
#include <memory>

using namespace std::chrono_literals;
using namespace watching;

namespace {

using Change = bool (*)(const QString &);

} // namespace

/// What is told of other programs' changes, and when.
class TestAtomicFileWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void hasProperties();
    void tellsChanges_data();
    void tellsChanges();
    void tellsChangesOfAnotherProcess();
    void tellsCreation();
    void tellsRemovalAndCreation();
    void aMomentWithoutTheFileIsNoRemoval();
    void aBurstIsOneChange();
    void tellsAtLastWhileTheFileKeepsChanging();
    void isSilentWhereTheVersionStays();
    void mayBeDestroyedInASlot_data();
    void mayBeDestroyedInASlot();
    void tellsInItsThread();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestAtomicFileWatcher::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestAtomicFileWatcher::hasProperties()
{
    AtomicFileWatcher watcher;
    QVERIFY(watcher.fileName().isEmpty());
    QVERIFY(watcher.version().isNull());
    QVERIFY(!watcher.property("watching").toBool());
    QVERIFY(!watcher.property("polling").toBool());
    QCOMPARE(watcher.interval(), 100ms);
    QCOMPARE(watcher.maximumDelay(), 2000ms);
    QCOMPARE(watcher.pollInterval(), 2000ms);
    QVERIFY(watcher.setProperty("interval", QVariant::fromValue(std::chrono::milliseconds(5))));
    QCOMPARE(watcher.interval(), 5ms);
    QSignalSpy renamed(&watcher, &AtomicFileWatcher::fileNameChanged);
    QVERIFY(putContent(at("file"), "content"));
    QVERIFY(watcher.setProperty("fileName", at("file")));
    watcher.setFileName(at("file")); // no change, no signal
    QCOMPARE(renamed.size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(watcher.isWatching(), longest);
    QCOMPARE(watcher.version(), AtomicFileVersion::of(at("file")));
    QVERIFY(!watcher.isPolling());
}

void TestAtomicFileWatcher::tellsChanges_data()
{
    QTest::addColumn<Change>("change");
    QTest::newRow("replaced by rename")
        << Change([](const QString &path) { return replaceByRename(path, "replaced"); });
    QTest::newRow("replaced by QSaveFile") << Change([](const QString &path) {
        QSaveFile file(path);
        return file.open(QIODevice::WriteOnly) && file.write("QSaveFile") > 0 && file.commit();
    });
    QTest::newRow("written into") << Change(
        [](const QString &path) { return putContent(path, "in place"); });
    QTest::newRow("appended to") << Change(
        [](const QString &path) { return putContent(path, "more", QIODevice::Append); });
    QTest::newRow("deleted and created") << Change([](const QString &path) {
        return QFile::remove(path) && soon([&] { return putContent(path, "another"); });
    });
}

void TestAtomicFileWatcher::tellsChanges()
{
    QFETCH(const Change, change);
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    // Again and again: a watch that ends with the file that it was set on would see the first only.
    for (int i = 1; i <= 3; ++i) {
        // Another length, so that the version differs whatever the file system's clock does.
        QVERIFY(soon([&] { return change(at("file")); }) && soon([&] {
                    return putContent(at("file"), QByteArray(i, 'x'), QIODevice::Append);
                }));
        const AtomicFileVersion version = AtomicFileVersion::of(at("file"));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), version, longest);
        QCOMPARE(watch.watcher.version(), version);
        QCOMPARE(watch.changed.size(), i);
    }
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsChangesOfAnotherProcess()
{
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    // The same library, but nobody in this process has saved.
    QCOMPARE(QProcess::execute(
                 QStringLiteral(SAVER_PROGRAM),
                 {QStringLiteral("write"), at("file"), QStringLiteral("x"), QStringLiteral("1")}),
             0);
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    QCOMPARE(watch.changed.size(), 1);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsCreation()
{
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    QVERIFY(watch.watcher.version().isNull());
    QVERIFY(putContent(at("file"), "content"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    // The new file itself is watched by now, or noticed to have changed since.
    QVERIFY(putContent(at("file"), "content, more of it"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    QCOMPARE(watch.changed.size(), 2);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsRemovalAndCreation()
{
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(QFile::remove(at("file")));
        QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), i, longest);
        QVERIFY(watch.watcher.version().isNull());
        QVERIFY(putContent(at("file"), QByteArray(i, 'x')));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
        QCOMPARE(watch.changed.size(), i);
    }
    QVERIFY(QFile::remove(at("file")) && soon([&] { return QDir().mkdir(at("file")); }));
    QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), 4, longest); // A directory is no file.
}

void TestAtomicFileWatcher::aMomentWithoutTheFileIsNoRemoval()
{
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    watch.watcher.setInterval(500ms);
    QVERIFY(QFile::remove(at("file")));
    watch.watcher.look();
    QVERIFY(AtomicFile::waitForPending()); // It has seen that nothing is there.
    QVERIFY(putContent(at("file"), "content, saved by deleting"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.changed.size(), 1, longest);
    QCOMPARE(watch.told(), AtomicFileVersion::of(at("file")));
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::aBurstIsOneChange()
{
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    watch.watcher.setInterval(500ms);
    watch.watcher.setMaximumDelay(std::chrono::milliseconds(longest));
    int left = 100;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        QVERIFY(left % 2 ? replaceByRename(at("file"), QByteArray(left, 'x'))
                         : soon([&] { return putContent(at("file"), QByteArray(left, 'x')); }));
        if (--left == 0)
            timer.stop();
    });
    timer.start(1ms);
    QTRY_COMPARE_WITH_TIMEOUT(left, 0, longest);
    QTRY_VERIFY_WITH_TIMEOUT(!watch.changed.isEmpty(), longest);
    QCOMPARE(watch.told(), AtomicFileVersion::of(at("file")));
    QCOMPARE(watch.changed.size(), 1);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsAtLastWhileTheFileKeepsChanging()
{
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    watch.watcher.setInterval(50ms);
    watch.watcher.setMaximumDelay(200ms);
    QTimer timer;
    QElapsedTimer elapsed;
    elapsed.start();
    connect(&timer, &QTimer::timeout, this,
            [&] { QVERIFY(putContent(at("file"), "more", QIODevice::Append)); });
    timer.start(1ms);
    QTRY_VERIFY_WITH_TIMEOUT(watch.changed.size() >= 2, longest);
    QVERIFY(elapsed.elapsed() >= 400);
    QVERIFY(timer.isActive());
}

void TestAtomicFileWatcher::isSilentWhereTheVersionStays()
{
    QVERIFY(putContent(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    QSignalSpy noticed(watch.watcher.findChild<QFileSystemWatcher *>(),
                       &QFileSystemWatcher::directoryChanged);
    QVERIFY(putContent(at("neighbour"), "content"));
    QVERIFY(QFile::setPermissions(at("file"), QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(QFile::rename(at("file"), at("elsewhere")));
    QVERIFY(QFile::rename(at("elsewhere"), at("file")));
    QTRY_VERIFY_WITH_TIMEOUT(!noticed.isEmpty(), longest);
    QVERIFY(putContent(at("file"), "a change after all"));
    QTRY_VERIFY_WITH_TIMEOUT(!watch.changed.isEmpty(), longest);
    QCOMPARE(watch.told(), AtomicFileVersion::of(at("file")));
    QCOMPARE(watch.changed.size(), 1);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::mayBeDestroyedInASlot_data()
{
    QTest::addColumn<QByteArray>("signal");
    QTest::newRow("watchingChanged") << QByteArray(SIGNAL(watchingChanged(bool)));
    QTest::newRow("changedByOther") << QByteArray(SIGNAL(changedByOther(AtomicFileVersion)));
    QTest::newRow("removed") << QByteArray(SIGNAL(removed()));
}

void TestAtomicFileWatcher::mayBeDestroyedInASlot()
{
    QFETCH(const QByteArray, signal);
    QVERIFY(putContent(at("file"), "content"));
    auto *watcher = new AtomicFileWatcher(at("file"));
    watcher->setInterval(0ms);
    QSignalSpy destroyed(watcher, &QObject::destroyed);
    QSignalSpy heard(watcher, signal.constData());
    // Connected after the spy, which has heard the signal by then if it is the one.
    const auto destroy = [&] {
        if (!heard.isEmpty())
            delete watcher;
    };
    connect(watcher, &AtomicFileWatcher::watchingChanged, this, destroy);
    connect(watcher, &AtomicFileWatcher::changedByOther, this, destroy);
    connect(watcher, &AtomicFileWatcher::removed, this, destroy);
    if (signal != SIGNAL(watchingChanged(bool))) {
        QTRY_VERIFY_WITH_TIMEOUT(watcher->isWatching(), longest);
        QVERIFY(signal == SIGNAL(removed()) ? QFile::remove(at("file"))
                                            : replaceByRename(at("file"), "changed"));
    }
    QTRY_COMPARE_WITH_TIMEOUT(destroyed.size(), 1, longest);
    QCOMPARE(heard.size(), 1);
}

void TestAtomicFileWatcher::tellsInItsThread()
{
    QVERIFY(putContent(at("file"), "content"));
    QThread thread;
    auto *watcher = new AtomicFileWatcher(at("file"));
    std::atomic<QThread *> told = nullptr;
    std::atomic<bool> watching = false;
    connect(watcher, &AtomicFileWatcher::watchingChanged, watcher, [&] { watching = true; });
    connect(watcher, &AtomicFileWatcher::changedByOther, watcher,
            [&] { told = QThread::currentThread(); });
    connect(&thread, &QThread::finished, watcher, &QObject::deleteLater);
    watcher->moveToThread(&thread);
    thread.start();
    QTRY_VERIFY_WITH_TIMEOUT(watching.load(), longest);
    QVERIFY(replaceByRename(at("file"), "changed"));
    QTRY_VERIFY_WITH_TIMEOUT(told.load() != nullptr, longest);
    QCOMPARE(told.load(), &thread);
    thread.quit();
    QVERIFY(thread.wait(longest));
}

QTEST_GUILESS_MAIN(TestAtomicFileWatcher)
#include "tst_atomicfilewatcher.moc"
