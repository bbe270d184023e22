// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QEventLoop>
#include <QtCore/QFile>
#include <QtCore/QFileSystemWatcher>
#include <QtCore/QFutureWatcher>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtCore/QSaveFile>
#include <QtCore/QTemporaryDir>
#include <QtCore/QThread>
#include <QtCore/QTimer>
#include <QtTest/QSignalSpy>
#include <QtTest/QTest>

#include <atomic>
#include <filesystem>
#include <memory>
#include <system_error>

namespace {

using namespace std::chrono_literals;

using Change = bool (*)(const QString &);
using Save = QFuture<AtomicFileResult> (*)(const QString &, const QByteArray &);

/// Only reached when something hangs.
constexpr int longest = 300'000;

AtomicFileOptions withoutSync()
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    return options;
}

bool put(const QString &path, const QByteArray &bytes,
         QIODevice::OpenMode mode = QIODevice::Truncate)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | mode) && file.write(bytes) == bytes.size();
}

/// As editors and other programs replace a file; both names are in one directory.
bool replaceByRename(const QString &path, const QByteArray &bytes)
{
    const QString staged = path + QStringLiteral(".new");
    std::error_code error;
    if (!put(staged, bytes))
        return false;
    std::filesystem::rename(staged.toStdU16String(), path.toStdU16String(), error);
    return !error;
}

bool renameDirectory(const QString &from, const QString &to)
{
    std::error_code error;
    std::filesystem::rename(from.toStdU16String(), to.toStdU16String(), error);
    return !error;
}

/// Waits with the event loop running, so that a watcher goes on looking.
AtomicFileResult finish(const QFuture<AtomicFileResult> &operation)
{
    QEventLoop loop;
    QFutureWatcher<AtomicFileResult> watcher;
    QObject::connect(&watcher, &QFutureWatcher<AtomicFileResult>::finished, &loop,
                     &QEventLoop::quit);
    watcher.setFuture(operation);
    loop.exec();
    return operation.result();
}

/// A watcher that is quick, and what it has said.
struct Watch
{
    explicit Watch(const QString &fileName) : watcher(fileName) { watcher.setInterval(20ms); }

    /// From when this returns true no change is missed.
    bool begins()
    {
        return QTest::qWaitFor([this] { return watcher.isWatching(); }, longest);
    }
    /// What was told of the last change.
    AtomicFileVersion told() const
    {
        return changed.isEmpty() ? AtomicFileVersion()
                                 : changed.last().first().value<AtomicFileVersion>();
    }

    AtomicFileWatcher watcher;
    QSignalSpy changed{&watcher, &AtomicFileWatcher::changedByOther};
    QSignalSpy removed{&watcher, &AtomicFileWatcher::removed};
};

} // namespace

/// What is told of other programs' changes, and that nothing is told of this program's own.
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
    void isSilentOfOwnSaves_data();
    void isSilentOfOwnSaves();
    void tellsForeignChangesAmongOwnSaves();
    void tellsAnOwnVersionThatSomebodyPutsBack();
    void takesOverResults();
    void beginsWithAGivenVersion();
    void followsTheDirectory_data();
    void followsTheDirectory();
    void followsSymbolicLinks_data();
    void followsSymbolicLinks();
    void changesThePath();
    void pollsWhatTheSystemDoesNotWatch();
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
    QVERIFY(put(at("file"), "content"));
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
        [](const QString &path) { return put(path, "in place"); });
    QTest::newRow("appended to") << Change(
        [](const QString &path) { return put(path, "more", QIODevice::Append); });
    QTest::newRow("deleted and created")
        << Change([](const QString &path) { return QFile::remove(path) && put(path, "another"); });
}

void TestAtomicFileWatcher::tellsChanges()
{
    QFETCH(const Change, change);
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    // Again and again: a watch that ends with the file that it was set on would see the first only.
    for (int i = 1; i <= 3; ++i) {
        // Another length, so that the version differs whatever the file system's clock does.
        QVERIFY(change(at("file")) && put(at("file"), QByteArray(i, 'x'), QIODevice::Append));
        const AtomicFileVersion version = AtomicFileVersion::of(at("file"));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), version, longest);
        QCOMPARE(watch.watcher.version(), version);
        QCOMPARE(watch.changed.size(), i);
    }
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsChangesOfAnotherProcess()
{
    QVERIFY(put(at("file"), "content"));
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
    QVERIFY(put(at("file"), "content"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    // The new file itself is watched by now, or noticed to have changed since.
    QVERIFY(put(at("file"), "content, more of it"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    QCOMPARE(watch.changed.size(), 2);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsRemovalAndCreation()
{
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(QFile::remove(at("file")));
        QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), i, longest);
        QVERIFY(watch.watcher.version().isNull());
        QVERIFY(put(at("file"), QByteArray(i, 'x')));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
        QCOMPARE(watch.changed.size(), i);
    }
    QVERIFY(QFile::remove(at("file")) && QDir().mkdir(at("file")));
    QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), 4, longest); // A directory is no file.
}

void TestAtomicFileWatcher::aMomentWithoutTheFileIsNoRemoval()
{
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    QSignalSpy noticed(watch.watcher.findChild<QFileSystemWatcher *>(),
                       &QFileSystemWatcher::directoryChanged);
    watch.watcher.setInterval(500ms);
    QVERIFY(QFile::remove(at("file")));
    QTRY_VERIFY_WITH_TIMEOUT(!noticed.isEmpty(), longest);
    QVERIFY(put(at("file"), "content, saved by deleting"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.changed.size(), 1, longest);
    QCOMPARE(watch.told(), AtomicFileVersion::of(at("file")));
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::aBurstIsOneChange()
{
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    watch.watcher.setInterval(500ms);
    watch.watcher.setMaximumDelay(std::chrono::milliseconds(longest));
    int left = 100;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        QVERIFY(left % 2 ? replaceByRename(at("file"), QByteArray(left, 'x'))
                         : put(at("file"), QByteArray(left, 'x')));
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
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    watch.watcher.setInterval(50ms);
    watch.watcher.setMaximumDelay(200ms);
    QTimer timer;
    QElapsedTimer elapsed;
    elapsed.start();
    connect(&timer, &QTimer::timeout, this,
            [&] { QVERIFY(put(at("file"), "more", QIODevice::Append)); });
    timer.start(1ms);
    QTRY_VERIFY_WITH_TIMEOUT(watch.changed.size() >= 2, longest);
    QVERIFY(elapsed.elapsed() >= 400);
    QVERIFY(timer.isActive());
}

void TestAtomicFileWatcher::isSilentWhereTheVersionStays()
{
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    QSignalSpy noticed(watch.watcher.findChild<QFileSystemWatcher *>(),
                       &QFileSystemWatcher::directoryChanged);
    QVERIFY(put(at("neighbour"), "content"));
    QVERIFY(QFile::setPermissions(at("file"), QFile::ReadOwner | QFile::WriteOwner));
    QVERIFY(QFile::rename(at("file"), at("elsewhere")));
    QVERIFY(QFile::rename(at("elsewhere"), at("file")));
    QTRY_VERIFY_WITH_TIMEOUT(!noticed.isEmpty(), longest);
    QVERIFY(put(at("file"), "a change after all"));
    QTRY_VERIFY_WITH_TIMEOUT(!watch.changed.isEmpty(), longest);
    QCOMPARE(watch.told(), AtomicFileVersion::of(at("file")));
    QCOMPARE(watch.changed.size(), 1);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::isSilentOfOwnSaves_data()
{
    QTest::addColumn<Save>("save");
    QTest::newRow("write") << Save([](const QString &path, const QByteArray &bytes) {
        return AtomicFile::writeFile(path, bytes, withoutSync());
    });
    QTest::newRow("device") << Save([](const QString &path, const QByteArray &bytes) {
        AtomicFileDevice device(path);
        device.setOptions(withoutSync());
        if (!device.open(QIODevice::WriteOnly))
            return QFuture<AtomicFileResult>();
        device.write(bytes);
        return device.commitAsync();
    });
    QTest::newRow("copy") << Save([](const QString &path, const QByteArray &bytes) {
        const QString source = path + QStringLiteral(".source");
        (void)put(source, bytes);
        return AtomicFile::copyFile(source, path, withoutSync());
    });
    QTest::newRow("move") << Save([](const QString &path, const QByteArray &bytes) {
        const QString source = path + QStringLiteral(".source.") + QString::number(bytes.size());
        (void)put(source, bytes);
        return AtomicFile::moveFile(source, path, withoutSync());
    });
}

void TestAtomicFileWatcher::isSilentOfOwnSaves()
{
    QFETCH(const Save, save);
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    watch.watcher.setInterval(0ms); // looks as often as it can, hence between the saves
    watch.watcher.setMaximumDelay(0ms);
    QVERIFY(watch.begins());
    const int count = thissystem::hasModes() ? 500
                                             : 100; // slow where there are none: it may be Wine
    AtomicFileVersion last;
    for (int i = 1; i <= count; ++i) {
        const AtomicFileResult saved = finish(save(at("file"), QByteArray(i, 'x')));
        QVERIFY2(saved, qPrintable(saved.errorString()));
        last = saved.version();
    }
    QTRY_COMPARE_WITH_TIMEOUT(watch.watcher.version(), last, longest);
    QCOMPARE(watch.changed.size() + watch.removed.size(), 0);
    QVERIFY(replaceByRename(at("file"), "somebody else"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    QCOMPARE(watch.changed.size(), 1);
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsForeignChangesAmongOwnSaves()
{
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    for (int i = 1; i <= 20; ++i) {
        for (int save = 0; save < 5; ++save)
            AtomicFile::writeFile(at("file"), QByteArray(i, 'x'), withoutSync());
        QVERIFY(AtomicFile::writeFile(at("file"), QByteArray(i, 'y'), withoutSync()).result());
        QVERIFY(replaceByRename(at("file"), QByteArray(100 + i, 'z')));
        const AtomicFileVersion foreign = AtomicFileVersion::of(at("file"));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), foreign, longest);
        QCOMPARE(watch.changed.size(), i);
    }
    QCOMPARE(watch.removed.size(), 0);
}

void TestAtomicFileWatcher::tellsAnOwnVersionThatSomebodyPutsBack()
{
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    const AtomicFileResult own = AtomicFile::writeFile(at("file"), "own").result();
    QVERIFY(own);
    QTRY_COMPARE_WITH_TIMEOUT(watch.watcher.version(), own.version(), longest);
    QVERIFY(QFile::rename(at("file"), at("kept")));
    QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), 1, longest);
    QCOMPARE(watch.changed.size(), 0);
    QVERIFY(QFile::rename(at("kept"), at("file")));
    QTRY_COMPARE_WITH_TIMEOUT(watch.changed.size(), 1, longest);
    QCOMPARE(watch.told(), own.version());
}

void TestAtomicFileWatcher::takesOverResults()
{
    QVERIFY(put(at("file"), "content"));
    Watch watch(at("file"));
    QVERIFY(watch.begins());
    watch.watcher.setInterval(std::chrono::hours(1)); // finds nothing by itself
    const auto first = AtomicFile::writeFile(at("file"), "first").result();
    const auto second = AtomicFile::writeFile(at("file"), "second").result();
    const auto other = AtomicFile::writeFile(at("other"), "other").result();
    const auto failed = AtomicFile::writeFile(at("no/such/directory"), "failed").result();
    QVERIFY(first && second && other && !failed);
    watch.watcher.noteSaved(second);
    QCOMPARE(watch.watcher.version(), second.version());
    watch.watcher.noteSaved(first); // delivered late
    watch.watcher.noteSaved(other);
    watch.watcher.noteSaved(failed);
    QCOMPARE(watch.watcher.version(), second.version());

    watch.watcher.setInterval(20ms);
    QVERIFY(replaceByRename(at("file"), "somebody else"));
    watch.watcher.look();
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    watch.watcher.noteSaved(second); // later still
    QCOMPARE(watch.watcher.version(), AtomicFileVersion::of(at("file")));
    QCOMPARE(watch.changed.size(), 1);
}

void TestAtomicFileWatcher::beginsWithAGivenVersion()
{
    QVERIFY(put(at("file"), "content"));
    const AtomicFileContent loaded = AtomicFile::readFile(at("file")).result();
    QVERIFY(loaded.result);
    QVERIFY(replaceByRename(at("file"), "changed before anybody watched"));
    Watch watch(at("file"));
    watch.watcher.setVersion(loaded.version);
    QCOMPARE(watch.watcher.version(), loaded.version);
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
    QCOMPARE(watch.changed.size(), 1);

    Watch gone(at("missing"));
    gone.watcher.setVersion(loaded.version);
    QTRY_COMPARE_WITH_TIMEOUT(gone.removed.size(), 1, longest);
}

void TestAtomicFileWatcher::followsTheDirectory_data()
{
    QTest::addColumn<bool>("moved");
    QTest::newRow("removed") << false;
    QTest::newRow("moved away") << true;
}

void TestAtomicFileWatcher::followsTheDirectory()
{
    QFETCH(const bool, moved);
    const QString directory = at("above/directory");
    const QString file = directory + QStringLiteral("/file");
    Watch watch(file);
    QVERIFY(watch.begins()); // Neither of the two directories is there yet.
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(QDir().mkpath(directory));
        QVERIFY(put(file, QByteArray(i, 'x')));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(file), longest);
        QVERIFY(put(file, QByteArray(10 + i, 'x')));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(file), longest);
        if (moved)
            QVERIFY(renameDirectory(directory, m_scratch->filePath(QString::number(i))));
        else if (!QDir(at("above")).removeRecursively())
            QSKIP("Needs a system that removes a directory although it is watched.");
        QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), i, longest);
    }
}

void TestAtomicFileWatcher::followsSymbolicLinks_data()
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

void TestAtomicFileWatcher::followsSymbolicLinks()
{
    QFETCH(const QByteArray, link);
    QFETCH(const QByteArray, destination);
    QFETCH(const QByteArray, other);
    QFETCH(const QByteArray, path);
    QFETCH(const QByteArray, target);
    QFETCH(const QByteArray, otherTarget);

    QVERIFY(QDir(m_scratch->path()).mkpath(QStringLiteral("one/a/b")));
    QVERIFY(QDir(m_scratch->path()).mkpath(QStringLiteral("two/a/b")));
    QVERIFY(put(at(target), "one"));
    QVERIFY(put(at(otherTarget), "the other"));
    MAKE_SYMLINK_OR_SKIP(at(destination), at(link));
    Watch watch(at(path));
    QVERIFY(watch.begins());

    QVERIFY(replaceByRename(at(target), "one, replaced"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(target)), longest);
    QVERIFY(put(at(target), "one, written into"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(target)), longest);

    QVERIFY(thissystem::makeSymlink(at(other), at("new link")));
    QVERIFY(renameDirectory(at("new link"), at(link)));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(otherTarget)), longest);
    QVERIFY(put(at(otherTarget), "the other, written into"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(otherTarget)), longest);
    QVERIFY(QFile::remove(at(otherTarget)));
    QTRY_COMPARE_WITH_TIMEOUT(watch.removed.size(), 1, longest);
    QVERIFY(put(at(otherTarget), "created where the link leads"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at(otherTarget)), longest);
}

void TestAtomicFileWatcher::changesThePath()
{
    QVERIFY(put(at("one"), "one"));
    QVERIFY(put(at("two"), "two"));
    Watch watch(at("one"));
    QVERIFY(watch.begins());
    QSignalSpy watching(&watch.watcher, &AtomicFileWatcher::watchingChanged);
    QVERIFY(put(at("one"), "one, whose change nobody wants to know any more"));
    watch.watcher.setFileName(at("two"));
    QVERIFY(!watch.watcher.isWatching());
    QVERIFY(watch.watcher.version().isNull());
    QVERIFY(watch.begins());
    QCOMPARE(watching.size(), 2);
    QCOMPARE(watch.watcher.version(), AtomicFileVersion::of(at("two")));
    QVERIFY(put(at("one"), "one again"));
    QVERIFY(put(at("two"), "two, changed"));
    QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("two")), longest);
    QCOMPARE(watch.changed.size(), 1);

    watch.watcher.setFileName(QString());
    auto *system = watch.watcher.findChild<QFileSystemWatcher *>();
    QCOMPARE(system->files() + system->directories(), QStringList());
    QVERIFY(!watch.watcher.isWatching());
}

void TestAtomicFileWatcher::pollsWhatTheSystemDoesNotWatch()
{
    if (thissystem::ignoresPermissions())
        QSKIP("Needs a file that may not be read, which the system does not watch.");
    const auto put = [this](int size) {
        return replaceByRename(at("file"), QByteArray(size, 'x'))
            && QFile::setPermissions(at("file"), QFile::WriteOwner);
    };
    QVERIFY(put(100));
    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("does not watch .*/file.*every 20 ms")));
    Watch watch(at("file"));
    watch.watcher.setPollInterval(20ms);
    QSignalSpy polling(&watch.watcher, &AtomicFileWatcher::pollingChanged);
    QVERIFY(watch.begins());
    QTRY_VERIFY_WITH_TIMEOUT(watch.watcher.isPolling(), longest);
    for (int i = 1; i <= 3; ++i) {
        QVERIFY(put(i));
        QTRY_COMPARE_WITH_TIMEOUT(watch.told(), AtomicFileVersion::of(at("file")), longest);
        QCOMPARE(watch.changed.size(), i);
    }
    QCOMPARE(polling.size(), 1);
    QVERIFY(replaceByRename(at("file"), "one that the system watches"));
    QTRY_VERIFY_WITH_TIMEOUT(!watch.watcher.isPolling(), longest);
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
    QVERIFY(put(at("file"), "content"));
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
    QVERIFY(put(at("file"), "content"));
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
