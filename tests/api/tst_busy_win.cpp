// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QFutureWatcher>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <chrono>
#include <memory>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;
using Step = AtomicFileResult::Step;
using namespace std::chrono_literals;

namespace {

/// Only reached when something hangs.
constexpr int longest = 120'000;

AtomicFileOptions patientFor(std::chrono::milliseconds time)
{
    AtomicFileOptions options;
    options.busyTimeout = time;
    return options;
}

/// Another program that has a file open.
class Holder
{
public:
    Holder(const QString &path, const QString &shares)
    {
        m_process.start(QStringLiteral(HOLDER_PROGRAM), {QDir::toNativeSeparators(path), shares});
        m_holds = m_process.waitForReadyRead(longest) && m_process.readLine().startsWith("held");
    }
    ~Holder() { release(); }
    Holder(const Holder &) = delete;
    Holder &operator=(const Holder &) = delete;

    bool holds() const { return m_holds; }
    void release()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished(longest);
    }

private:
    QProcess m_process;
    bool m_holds = false;
};

} // namespace

/// Windows lets a program keep others from replacing a file, as scanners and indexers do for moments.
class TestBusy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void failsWhenItLasts_data();
    void failsWhenItLasts();
    void succeedsOnceItIsOver();
    void stopsWaitingWhenCancelled();
    void replacesWhatIsShared();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }
    QStringList entries() const { return namesIn(m_scratch->path()); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestBusy::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
    QVERIFY(AtomicFile::writeFile(at("file"), "old").result());
}

void TestBusy::failsWhenItLasts_data()
{
    QTest::addColumn<bool>("moves");
    QTest::addColumn<bool>("holdsSource");
    QTest::newRow("a save") << false << false;
    QTest::newRow("a move onto it") << true << false;
    QTest::newRow("a move of it") << true << true;
}

void TestBusy::failsWhenItLasts()
{
    QFETCH(const bool, moves);
    QFETCH(const bool, holdsSource);
    if (moves)
        QVERIFY(AtomicFile::writeFile(at("source"), "new").result());
    Holder holder(at(holdsSource ? "source" : "file"), QStringLiteral("nothing"));
    QVERIFY(holder.holds());

    const AtomicFileOptions options = patientFor(100ms);
    const AtomicFileResult result = moves
        ? AtomicFile::moveFile(at("source"), at("file"), options).result()
        : AtomicFile::writeFile(at("file"), "new", options).result();
    QCOMPARE(result.error(), Error::Busy);
    QCOMPARE(result.targetState(), State::Unchanged);
    QVERIFY(result.retainedFiles().isEmpty());
    if (!holdsSource)
        QVERIFY2(result.attempts() > 1, QByteArray::number(result.attempts()).constData());
    holder.release();
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
    QCOMPARE(entries(),
             moves ? QStringList({QStringLiteral("file"), QStringLiteral("source")})
                   : QStringList{QStringLiteral("file")});
}

void TestBusy::succeedsOnceItIsOver()
{
    Holder holder(at("file"), QStringLiteral("nothing"));
    QVERIFY(holder.holds());
    const auto future = AtomicFile::writeFile(at("file"), "new", patientFor(100s));
    QTRY_COMPARE_WITH_TIMEOUT(entries().size(), 2, longest); // It is staged.
    // That another program tries for a while and gives up shows that this one has tried as well.
    QProcess other;
    other.start(QStringLiteral(SAVER_PROGRAM),
                {QStringLiteral("try"), at("file"), QStringLiteral("x"), QStringLiteral("1")});
    QVERIFY(other.waitForFinished(longest));
    QCOMPARE(other.exitCode(), 1);
    QVERIFY(!future.isFinished());

    holder.release();
    const AtomicFileResult result = future.result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QVERIFY2(result.attempts() > 1, QByteArray::number(result.attempts()).constData());
    QCOMPARE(contentOf(at("file")), QByteArray("new"));
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestBusy::stopsWaitingWhenCancelled()
{
    Holder holder(at("file"), QStringLiteral("nothing"));
    QVERIFY(holder.holds());
    auto future = AtomicFile::writeFile(at("file"), "new", patientFor(100s));
    QTRY_COMPARE_WITH_TIMEOUT(entries().size(), 2, longest);
    future.cancel();
    QVERIFY(AtomicFile::waitForPending(QDeadlineTimer(longest / 2)));
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    holder.release();
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestBusy::replacesWhatIsShared()
{
    Holder holder(at("file"), QStringLiteral("everything"));
    QVERIFY(holder.holds());
    const AtomicFileResult result = AtomicFile::writeFile(at("file"), "new").result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(contentOf(at("file")), QByteArray("new"));
    holder.release();
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

QTEST_GUILESS_MAIN(TestBusy)
#include "tst_busy_win.moc"
