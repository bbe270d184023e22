// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the README says of QSaveFile, side by side: each row does one thing with both classes. When a
// later Qt does better, this test says so and the README has to follow.

#include <AtomicFile/AtomicFile>

#include <QFile>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <thread>

#include <dlfcn.h>
#include <sys/stat.h>

namespace {

/// How often the process has synced in one thread, and in others.
class Syncs
{
public:
    void countFrom(std::thread::id caller)
    {
        m_caller = caller;
        m_byCaller = 0;
        m_byOthers = 0;
    }
    void note() { ++(std::this_thread::get_id() == m_caller.load() ? m_byCaller : m_byOthers); }

    int byCaller() const { return m_byCaller; }
    int byOthers() const { return m_byOthers; }

private:
    std::atomic<std::thread::id> m_caller;
    std::atomic<int> m_byCaller = 0;
    std::atomic<int> m_byOthers = 0;
};

Syncs syncs;

int callSystem(const char *name, int descriptor)
{
    return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(descriptor);
}

} // namespace

// The libraries find these before the system's, since a program comes before what it loads.
extern "C" Q_DECL_EXPORT int fsync(int descriptor)
{
    syncs.note();
    return callSystem("fsync", descriptor);
}

extern "C" Q_DECL_EXPORT int fdatasync(int descriptor)
{
    syncs.note();
    return callSystem("fdatasync", descriptor);
}

namespace {

const QByteArray newContent("new content");

bool saveWithQt(const QString &path)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(newContent) == newContent.size()
        && file.commit();
}

bool isFifo(const QString &path)
{
    struct stat info = {};
    return ::lstat(QFile::encodeName(path).constData(), &info) == 0 && S_ISFIFO(info.st_mode);
}

} // namespace

class tst_QSaveFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fifoAsTarget();
    void nameOf252Bytes();
    void threadOfTheCaller();
};

void tst_QSaveFile::fifoAsTarget()
{
    const QTemporaryDir scratch;
    const QString fifo = scratch.filePath(QStringLiteral("fifo"));
    QCOMPARE(::mkfifo(QFile::encodeName(fifo).constData(), 0600), 0);

    const AtomicFileResult result = AtomicFile::writeFile(fifo, newContent).result();
    QCOMPARE(result.error(), AtomicFileResult::Error::NotRegularFile);
    QVERIFY(isFifo(fifo));

    QVERIFY(saveWithQt(fifo));
    QVERIFY(!isFifo(fifo));
}

void tst_QSaveFile::nameOf252Bytes()
{
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QString(252, QLatin1Char('n')));
    const QByteArray oldContent("old content");
    QVERIFY(AtomicFile::writeFile(path, oldContent).result());

    // An existing target needs a temporary name, which Qt makes longer than the target's.
    QVERIFY(!saveWithQt(path));
    QCOMPARE(AtomicFile::readFile(path).result().bytes, oldContent);

    QVERIFY(AtomicFile::writeFile(path, newContent).result());
    QCOMPARE(AtomicFile::readFile(path).result().bytes, newContent);
}

void tst_QSaveFile::threadOfTheCaller()
{
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QStringLiteral("file"));

    syncs.countFrom(std::this_thread::get_id());
    QVERIFY(AtomicFile::writeFile(path, newContent).result());
    QCOMPARE(syncs.byCaller(), 0);
    QVERIFY(syncs.byOthers() > 0);

    syncs.countFrom(std::this_thread::get_id());
    QVERIFY(saveWithQt(path));
    QVERIFY(syncs.byCaller() > 0);
}

QTEST_GUILESS_MAIN(tst_QSaveFile)
#include "tst_qsavefile.moc"
