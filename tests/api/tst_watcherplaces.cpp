// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "watch.h"

#include "support/this_system.h"

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QRegularExpression>
#include <QtCore/QTemporaryDir>

#include <memory>

using namespace std::chrono_literals;
using namespace watching;

/// What else than the file is watched: directories that go and come, links, other paths.
class TestWatcherPlaces : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void followsTheDirectory_data();
    void followsTheDirectory();
    void followsSymbolicLinks_data();
    void followsSymbolicLinks();
    void changesThePath();
    void pollsWhatTheSystemDoesNotWatch();

private:
    QString at(QByteArrayView name) const { return m_scratch->filePath(QString::fromUtf8(name)); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestWatcherPlaces::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestWatcherPlaces::followsTheDirectory_data()
{
    QTest::addColumn<bool>("moved");
    QTest::newRow("removed") << false;
    QTest::newRow("moved away") << true;
}

void TestWatcherPlaces::followsTheDirectory()
{
    QFETCH(const bool, moved);
    const QString directory = at("above/directory");
    const QString file = directory + QStringLiteral("/file");
    Watch watch(file);
    QVERIFY(watch.begins()); // Neither of the two directories is there yet.
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(QDir().mkpath(directory));
        QVERIFY(putContent(file, QByteArray(i, 'x')));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(file), longest);
        QVERIFY(putContent(file, QByteArray(10 + i, 'x')));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(file), longest);
        if (moved)
            QVERIFY(renameTo(directory, m_scratch->filePath(QString::number(i))));
        else if (!QDir(at("above")).removeRecursively())
            QSKIP("Needs a system that removes a directory although it is watched.");
        QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), i, longest);
    }
}

void TestWatcherPlaces::followsSymbolicLinks_data()
{
    QTest::addColumn<QByteArray>("link");        // where it stands
    QTest::addColumn<QByteArray>("destination"); // at first
    QTest::addColumn<QByteArray>("other");       // later
    QTest::addColumn<QByteArray>("path");        // what is watched
    QTest::addColumn<QByteArray>("target");
    QTest::addColumn<QByteArray>("otherTarget");

    QTest::newRow("to a file") << QByteArray("link") << QByteArray("one/file")
                               << QByteArray("two/file") << QByteArray("link")
                               << QByteArray("one/file") << QByteArray("two/file");
    QTest::newRow("to a directory")
        << QByteArray("link") << QByteArray("one") << QByteArray("two") << QByteArray("link/file")
        << QByteArray("one/file") << QByteArray("two/file");
    QTest::newRow("to a directory above")
        << QByteArray("link") << QByteArray("one") << QByteArray("two")
        << QByteArray("link/a/b/file") << QByteArray("one/a/b/file") << QByteArray("two/a/b/file");
}

void TestWatcherPlaces::followsSymbolicLinks()
{
    QFETCH(const QByteArray, link);
    QFETCH(const QByteArray, destination);
    QFETCH(const QByteArray, other);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, otherTarget);

    QVERIFY(QDir(m_scratch->path()).mkpath(QStringLiteral("one/a/b")));
    QVERIFY(QDir(m_scratch->path()).mkpath(QStringLiteral("two/a/b")));
    QVERIFY(putContent(at(target), "one"));
    QVERIFY(putContent(at(otherTarget), "the other"));
    MAKE_SYMLINK_OR_SKIP(at(destination), at(link));
    Watch watch(at(path));
    QVERIFY(watch.begins());

    QVERIFY(replaceByRename(at(target), "one, replaced"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(target)), longest);
    QVERIFY(putContent(at(target), "one, written into"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(target)), longest);

    QVERIFY(thissystem::makeSymlink(at(other), at("new link")));
    QVERIFY(renameTo(at("new link"), at(link)));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(otherTarget)), longest);
    QVERIFY(putContent(at(otherTarget), "the other, written into"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(otherTarget)), longest);
    QVERIFY(QFile::remove(at(otherTarget)));
    QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), 1, longest);
    QVERIFY(putContent(at(otherTarget), "created where the link leads"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(otherTarget)), longest);
}

void TestWatcherPlaces::changesThePath()
{
    QVERIFY(putContent(at("one"), "one"));
    QVERIFY(putContent(at("two"), "two"));
    Watch watch(at("one"));
    QVERIFY(watch.begins());
    QSignalSpy watching(&watch.watcher, &AtomicFileWatcher::watchingChanged);
    QVERIFY(putContent(at("one"), "one, whose change nobody wants to know any more"));
    watch.watcher.setFileName(at("two"));
    QVERIFY(!watch.watcher.isWatching());
    QVERIFY(watch.watcher.version().isNull());
    QVERIFY(watch.begins());
    QCOMPARE(watching.size(), 2);
    QCOMPARE(watch.watcher.version(), AtomicFileVersion::of(at("two")));
    QVERIFY(putContent(at("one"), "one again"));
    QVERIFY(putContent(at("two"), "two, changed"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("two")), longest);
    QCOMPARE(watch.changed.size(), 1);

    watch.watcher.setFileName(QString());
    auto *system = watch.watcher.findChild<QFileSystemWatcher *>();
    QCOMPARE(system->files() + system->directories(), QStringList());
    QVERIFY(!watch.watcher.isWatching());
}

void TestWatcherPlaces::pollsWhatTheSystemDoesNotWatch()
{
    if (thissystem::ignoresPermissions())
        QSKIP("Needs a file that may not be read, which the system does not watch.");
    const auto putUnreadable = [this](int size) {
        return replaceByRename(at("file"), QByteArray(size, 'x'))
            && QFile::setPermissions(at("file"), QFile::WriteOwner);
    };
    QVERIFY(putUnreadable(100));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("does not watch .*/file.*every 20 ms")));
    Watch watch(at("file"));
    watch.watcher.setPollInterval(20ms);
    QSignalSpy polling(&watch.watcher, &AtomicFileWatcher::pollingChanged);
    QVERIFY(watch.begins());
    QTRY_VERIFY_WITH_TIMEOUT(watch.watcher.isPolling(), longest);
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(putUnreadable(i));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
        QCOMPARE(watch.changed.size(), i);
    }
    QCOMPARE(polling.size(), 1);
    QVERIFY(replaceByRename(at("file"), "one that the system watches"));
    QTRY_VERIFY_WITH_TIMEOUT(!watch.watcher.isPolling(), longest);
}

QTEST_GUILESS_MAIN(TestWatcherPlaces)
#include "tst_watcherplaces.moc"
