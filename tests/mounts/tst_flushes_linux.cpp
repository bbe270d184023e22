// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// How often a disk has to empty its cache, which is what the time of a durable save goes into: counted at
// the device, beside the system calls that cannot be done without.

#include "filesystem_kinds_linux.h"
#include "mount_linux.h"

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

constexpr std::size_t size = 4096;
const QByteArray content(size, 'x');

/// The limit on open files that most systems set, which is what bounds a group.
constexpr rlim_t usualOpenFiles = 1024;

using Save = bool (*)(const QString &path);

bool saveByDevice(const QString &path)
{
    AtomicFileDevice file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size()
        && file.commit();
}

bool saveByFunction(const QString &path)
{
    return bool(AtomicFile::writeFile(path, content).result());
}

bool saveAsABatch(const QStringList &paths)
{
    AtomicFileBatch batch;
    for (const QString &path : paths)
        batch.write(path, content);
    const QList<AtomicFileResult> results = batch.commit().result();
    return std::all_of(results.begin(), results.end(),
                       [](const AtomicFileResult &result) { return bool(result); });
}

/// By the calls that cannot be done without; syncAll is fdatasync for each file, or syncfs for all of them.
bool saveBarely(const QString &directory, const QStringList &paths, int (*syncAll)(int))
{
    const int folder = ::open(QFile::encodeName(directory).constData(), O_RDONLY | O_CLOEXEC);
    std::vector<int> files;
    bool ok = folder != -1;
    for (const QString &path : paths) {
        files.push_back(::open(QFile::encodeName(path + QStringLiteral(".staged")).constData(),
                               O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        ok = ok && ::write(files.back(), content.constData(), size) == ssize_t(size);
    }
    ok = ok && syncAll(files.front()) == 0;
    for (const QString &path : paths) {
        const QByteArray name = QFile::encodeName(path);
        ok = ok && ::rename((name + ".staged").constData(), name.constData()) == 0;
    }
    ok = ok && ::fsync(folder) == 0;
    for (const int file : files)
        ::close(file);
    ::close(folder);
    return ok;
}

void verifyNoMore(qint64 flushes, qint64 most)
{
    QVERIFY2(flushes > 0 && flushes <= most,
             qPrintable(QStringLiteral("%1, not %2").arg(flushes).arg(most)));
}

} // namespace

class tst_Flushes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();

    void oneSave_data();
    void oneSave();
    void aGroup();
    void aThousand();

private:
    QStringList paths(int count) const;
    template<typename Function>
    qint64 fewest(Function save, qint64 enough = std::numeric_limits<qint64>::max());

    QTemporaryDir m_scratch;
    FileSystemKind m_kind;
    std::unique_ptr<Mount> m_mount;
};

void tst_Flushes::initTestCase_data()
{
    QTest::addColumn<FileSystemKind>("kind");
    for (const FileSystemKind &kind : fileSystemKinds()) {
        if (!kind.type || kind.mebibytes == 0)
            continue; // not the kernel's own, or on no device
        FileSystemKind roomy = kind;
        roomy.mebibytes = 4096; // With little room btrfs writes down everything at each sync.
        QTest::newRow(kind.name) << roomy;
    }
}

void tst_Flushes::initTestCase()
{
    rlimit limit = {};
    QCOMPARE(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = std::min(limit.rlim_max, usualOpenFiles);
    QCOMPARE(::setrlimit(RLIMIT_NOFILE, &limit), 0);
}

void tst_Flushes::init()
{
    QFETCH_GLOBAL(FileSystemKind, kind);
    if (QLatin1String(kind.name) != QLatin1String(m_kind.name)) {
        m_mount.reset();
        m_kind = kind;
        m_mount = std::make_unique<Mount>(m_kind, m_scratch.path());
    }
    if (!m_mount->obstacle().isEmpty())
        QSKIP(qPrintable(m_mount->obstacle()));
    if (m_mount->flushes() < 0)
        QSKIP("Needs a kernel that counts flushes.");
}

QStringList tst_Flushes::paths(int count) const
{
    QStringList paths;
    for (int i = 0; i < count; ++i)
        paths.append(m_mount->filePath(QString::number(i)));
    return paths;
}

/// Of several rounds, since a file system may also write something down by itself; of more while
/// none has done with what is enough.
template<typename Function>
qint64 tst_Flushes::fewest(Function save, qint64 enough)
{
    qint64 fewest = std::numeric_limits<qint64>::max();
    for (int round = 0; round < 5 || (fewest > enough && round < 25); ++round) {
        ::sync(); // A group is synced in one go only if little of others' waits to be written.
        const qint64 before = m_mount->flushes();
        if (!save())
            return -1;
        if (round > 0) // The first creates the files.
            fewest = std::min(fewest, m_mount->flushes() - before);
    }
    return fewest;
}

void tst_Flushes::oneSave_data()
{
    QTest::addColumn<Save>("save");
    QTest::newRow("device") << Save(saveByDevice);
    QTest::newRow("function") << Save(saveByFunction);
}

void tst_Flushes::oneSave()
{
    QFETCH(Save, save);
    const QStringList files = paths(1);
    const qint64 bare = fewest([&] { return saveBarely(m_mount->path(), files, ::fdatasync); });
    QVERIFY(bare > 0);
    verifyNoMore(fewest([&] { return save(files.front()); }, bare), bare);
}

void tst_Flushes::aGroup()
{
    const QStringList files = paths(200);
    const qint64 bare = fewest([&] { return saveBarely(m_mount->path(), files, ::syncfs); });
    QVERIFY(bare > 0);
    verifyNoMore(fewest([&] { return saveAsABatch(files); }, bare), bare);
}

/// Two groups: 511 files and their directory are half of what may be open.
void tst_Flushes::aThousand()
{
    const QStringList files = paths(1000);
    constexpr int inGroup = 511;
    const qint64 bare = fewest([&] {
        return saveBarely(m_mount->path(), files.first(inGroup), ::syncfs)
            && saveBarely(m_mount->path(), files.mid(inGroup), ::syncfs);
    });
    QVERIFY(bare > 0 && bare <= 20);
    const qint64 flushes = fewest([&] { return saveAsABatch(files); }, bare);
    qInfo("%d files, %d flushes", int(files.size()), int(flushes));
    verifyNoMore(flushes, bare);
}

int main(int argc, char *argv[])
{
    enterPrivateMounts();
    const QCoreApplication application(argc, argv);
    tst_Flushes test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_flushes_linux.moc"
