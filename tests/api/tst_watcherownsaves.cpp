// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "watch.h"

#include "support/this_system.h"

#include <QtCore/QEventLoop>
#include <QtCore/QFile>
#include <QtCore/QFutureWatcher>
#include <QtCore/QTemporaryDir>

#include <memory>

using namespace std::chrono_literals;
using namespace watching;

namespace {

using Save = QFuture<AtomicFileResult> (*)(const QString &, const QByteArray &);

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

} // namespace

/// That nothing is told of this program's own saves, and all of the others' among them.
class TestWatcherOwnSaves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isSilentOfOwnSaves_data();
    void isSilentOfOwnSaves();
    void tellsForeignChangesAmongOwnSaves();
    void tellsAnOwnVersionThatSomebodyPutsBack();
    void takesOverResults();
    void beginsWithAGivenVersion();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestWatcherOwnSaves::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestWatcherOwnSaves::isSilentOfOwnSaves_data()
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
        (void)putContent(source, bytes);
        return AtomicFile::copyFile(source, path, withoutSync());
    });
    QTest::newRow("move") << Save([](const QString &path, const QByteArray &bytes) {
        const QString source = path + QStringLiteral(".source.") + QString::number(bytes.size());
        (void)putContent(source, bytes);
        return AtomicFile::moveFile(source, path, withoutSync());
    });
}

void TestWatcherOwnSaves::isSilentOfOwnSaves()
{
    QFETCH(const Save, save);
    QVERIFY(putContent(at("file"), "content"));
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

void TestWatcherOwnSaves::tellsForeignChangesAmongOwnSaves()
{
    QVERIFY(putContent(at("file"), "content"));
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

void TestWatcherOwnSaves::tellsAnOwnVersionThatSomebodyPutsBack()
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

void TestWatcherOwnSaves::takesOverResults()
{
    QVERIFY(putContent(at("file"), "content"));
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

void TestWatcherOwnSaves::beginsWithAGivenVersion()
{
    QVERIFY(putContent(at("file"), "content"));
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

QTEST_GUILESS_MAIN(TestWatcherOwnSaves)
#include "tst_watcherownsaves.moc"
