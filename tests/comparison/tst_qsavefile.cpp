// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What the README says of QSaveFile, side by side: each row does one thing with both classes. When a
// later Qt does better, this test says so and the README has to follow.

#include <AtomicFile/AtomicFile>

#include <QDir>
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

/// What a device says of one save: "opened", "committed" or not, and the kind of error after each.
template<typename Device>
QString savedWith(const QString &path, bool cancels)
{
    Device device(path);
    const bool opened = device.open(QIODevice::WriteOnly);
    QString text = QStringLiteral("%1, error %2").arg(opened).arg(device.error());
    if (!opened)
        return text;
    if (device.write(newContent) != newContent.size())
        return text + QStringLiteral("; does not write");
    if (cancels)
        device.cancelWriting();
    const bool committed = device.commit();
    return text + QStringLiteral("; %1, error %2").arg(committed).arg(device.error());
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
    void kindsOfErrors_data();
    void kindsOfErrors();
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

void tst_QSaveFile::kindsOfErrors_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("cancels");
    QTest::addColumn<QFileDevice::Permissions>("ofDirectory");
    QTest::addColumn<QFileDevice::Permissions>("ofFile");
    const QFileDevice::Permissions open = QFileDevice::ReadOwner | QFileDevice::WriteOwner
        | QFileDevice::ExeOwner;
    const QFileDevice::Permissions closed = QFileDevice::ReadOwner | QFileDevice::ExeOwner;
    QTest::newRow("existing") << QStringLiteral("file") << false << open << open;
    QTest::newRow("new") << QStringLiteral("new") << false << open << open;
    QTest::newRow("cancelled") << QStringLiteral("file") << true << open << open;
    QTest::newRow("no directory") << QStringLiteral("no/such/file") << false << open << open;
    QTest::newRow("a directory") << QStringLiteral("sub") << false << open << open;
    QTest::newRow("write-protected") << QStringLiteral("file") << false << open << closed;
    QTest::newRow("new in a closed directory") << QStringLiteral("new") << false << closed << open;
    QTest::newRow("in a closed directory") << QStringLiteral("file") << false << closed << open;
}

/// Programs that ask QSaveFile for the kind of an error go on working.
void tst_QSaveFile::kindsOfErrors()
{
    QFETCH(const QString, name);
    QFETCH(const bool, cancels);
    QFETCH(const QFileDevice::Permissions, ofDirectory);
    QFETCH(const QFileDevice::Permissions, ofFile);

    const QTemporaryDir scratch;
    const QString directory = scratch.filePath(QStringLiteral("directory"));
    const QString file = directory + QStringLiteral("/file");
    QVERIFY(QDir().mkpath(directory + QStringLiteral("/sub")));
    QFile target(file);
    QVERIFY(target.open(QIODevice::WriteOnly));
    QVERIFY(target.setPermissions(ofFile));
    const QFileDevice::Permissions before = QFile::permissions(directory);
    QVERIFY(QFile::setPermissions(directory, ofDirectory));
    const QString ours = savedWith<AtomicFileDevice>(directory + QLatin1Char('/') + name, cancels);
    if (name == QLatin1String("new"))
        QFile::remove(directory + QStringLiteral("/new")); // Where it could be made.
    const QString qts = savedWith<QSaveFile>(directory + QLatin1Char('/') + name, cancels);
    QVERIFY(QFile::setPermissions(directory, before));
    if (!cancels) {
        QCOMPARE(ours, qts);
        return;
    }
    // A commit that fails and says that there was no error is not followed.
    QCOMPARE(qts, QStringLiteral("1, error %1; 0, error %1").arg(QFileDevice::NoError));
    QCOMPARE(ours,
             QStringLiteral("1, error %1; 0, error %2")
                 .arg(QFileDevice::NoError)
                 .arg(QFileDevice::WriteError));
}

QTEST_GUILESS_MAIN(tst_QSaveFile)
#include "tst_qsavefile.moc"
