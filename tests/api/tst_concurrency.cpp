// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace {

constexpr int longest = 120'000;

/// Length and letters of a content belong together, so that a mixture is noticed.
QByteArray content(char letter) { return QByteArray(100'000 + letter, letter); }

bool isWhole(const QByteArray &bytes)
{
    return !bytes.isEmpty() && bytes == content(bytes.front());
}

AtomicFileOptions withoutSync()
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    return options;
}

/// Readers in threads of their own that open and read a file until they are told to stop.
class Readers
{
public:
    explicit Readers(const QString &path, int count)
    {
        for (int i = 0; i < count; ++i) {
            m_threads.emplace_back([this, path] { readOn(path); });
        }
    }
    ~Readers() { stop(); }
    Readers(const Readers &) = delete;
    Readers &operator=(const Readers &) = delete;

    void stop()
    {
        m_stopped = true;
        for (std::thread &thread : m_threads)
            thread.join();
        m_threads.clear();
    }

    std::atomic<int> reads = 0;
    std::atomic<int> missing = 0;
    std::atomic<int> torn = 0;

private:
    void readOn(const QString &path)
    {
        do {
            const auto found = thissystem::contentBesideWriters(path);
            if (!found)
                ++missing;
            else if (!isWhole(*found))
                ++torn;
            ++reads;
        } while (!m_stopped);
    }

    std::atomic<bool> m_stopped = false;
    std::vector<std::thread> m_threads;
};

} // namespace

class TestConcurrency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void showsReadersOldOrNew_data();
    void showsReadersOldOrNew();
    void letsOneOfSeveralThreadsWin();
    void letsOneOfSeveralProcessesWin();
};

void TestConcurrency::showsReadersOldOrNew_data()
{
    QTest::addColumn<QString>("place");
    QTest::newRow("temporary directory") << QDir::tempPath();
    if (QFileInfo(QStringLiteral("/dev/shm")).isWritable())
        QTest::newRow("tmpfs") << QStringLiteral("/dev/shm");
}

void TestConcurrency::showsReadersOldOrNew()
{
    QFETCH(const QString, place);
    const QTemporaryDir scratch(place + QStringLiteral("/atomicfile-XXXXXX"));
    QVERIFY(scratch.isValid());
    const QString path = scratch.filePath(QStringLiteral("file"));
    QVERIFY(AtomicFile::writeFile(path, content('a')).result());

    Readers readers(path, 2);
    const int replacements = thissystem::replacesInOneStep() ? 2000 : 200;
    QFuture<AtomicFileResult> last;
    for (int i = 0; i < replacements; ++i)
        last = AtomicFile::writeFile(path, content(static_cast<char>('a' + i % 26)), withoutSync());
    QVERIFY(last.result());
    readers.stop();
    if (thissystem::replacesInOneStep())
        QCOMPARE(readers.missing.load(), 0);
    QCOMPARE(readers.torn.load(), 0);
    QVERIFY(readers.reads > 100);
}

void TestConcurrency::letsOneOfSeveralThreadsWin()
{
    const QTemporaryDir scratch;
    QVERIFY(scratch.isValid());
    const QString path = scratch.filePath(QStringLiteral("file"));
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (char letter = 'a'; letter < 'e'; ++letter) {
        threads.emplace_back([&failures, path, letter] {
            for (int i = 0; i < 50; ++i)
                failures += !AtomicFile::writeFile(path, content(letter), withoutSync()).result();
        });
    }
    for (std::thread &thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(isWhole(file.readAll()));
    QCOMPARE(QDir(scratch.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{QStringLiteral("file")});
}

void TestConcurrency::letsOneOfSeveralProcessesWin()
{
    const QTemporaryDir scratch;
    QVERIFY(scratch.isValid());
    const QString path = scratch.filePath(QStringLiteral("file"));
    QVERIFY(AtomicFile::writeFile(path, content('z'), withoutSync()).result());
    Readers readers(path, 1);
    const QString saves = QString::number(thissystem::replacesInOneStep() ? 100 : 20);
    std::vector<std::unique_ptr<QProcess>> savers;
    for (char letter = 'a'; letter < 'e'; ++letter) {
        savers.push_back(std::make_unique<QProcess>());
        savers.back()->setProcessChannelMode(QProcess::ForwardedChannels);
        savers.back()->start(QStringLiteral(SAVER_PROGRAM),
                             {QStringLiteral("write"), path, QString(QLatin1Char(letter)), saves});
    }
    for (const auto &saver : savers) {
        QVERIFY(saver->waitForFinished(longest));
        QCOMPARE(saver->exitStatus(), QProcess::NormalExit);
        QCOMPARE(saver->exitCode(), 0);
    }
    readers.stop();
    if (thissystem::replacesInOneStep())
        QCOMPARE(readers.missing.load(), 0);
    QCOMPARE(readers.torn.load(), 0);
    const AtomicFileContent end = AtomicFile::readFile(path).result();
    QVERIFY(isWhole(end.bytes));
    QVERIFY(end.bytes.front() != 'z');
    QCOMPARE(QDir(scratch.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{QStringLiteral("file")});
}

QTEST_GUILESS_MAIN(TestConcurrency)
#include "tst_concurrency.moc"
