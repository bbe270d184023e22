// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What docs/guarantees.md says of targets that cannot be replaced like any other, measured: each row
// makes one, and another program saves to it.

#include "facts_linux.h"
#include "guarantees.h"
#include "mount_linux.h"

#include <AtomicFile/AtomicFile>

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

constexpr int mebibyte = 1 << 20;
constexpr uid_t nobody = 65534;
constexpr uid_t stranger = 1234;
const QByteArray oldContent("old content");

const FileSystemKind ext4{
    .name = "ext4", .mebibytes = 8, .make = "mkfs.ext4 -q %image", .type = "ext4"};
const FileSystemKind btrfs{
    .name = "btrfs", .mebibytes = 128, .make = "mkfs.btrfs -q %image", .type = "btrfs"};
const FileSystemKind tmpfs{.name = "tmpfs", .type = "tmpfs", .options = "size=1m"};

/// What is to be saved, how, and what has to be undone before the file system can go.
struct Save
{
    QString directory;
    QString target;
    qsizetype size = 100;
    uid_t user = 0;
    qint64 limit = 0;
    /// Where the old content is to be found, if not by the name of the target.
    QString holder;
    bool mayOverwrite = false;
    void (*undo)(const Save &) = [](const Save &) {};
};

QByteArray native(const QString &path) { return QFile::encodeName(path); }

bool makeDirectory(const QString &path, mode_t mode)
{
    return ::mkdir(native(path).constData(), 0700) == 0
        && ::chmod(native(path).constData(), mode) == 0;
}

/// Each makes what the row is about; false if that failed. The target is there, writable for all.
bool ordinary(Save &) { return true; }

bool boundFile(Save &save)
{
    const QString other = save.directory + QStringLiteral("/bound");
    save.undo = [](const Save &done) { ::umount2(native(done.target).constData(), MNT_DETACH); };
    return QFile::rename(save.target, other) && facts::writePlainly(save.target, {})
        && ::mount(native(other).constData(), native(save.target).constData(), nullptr, MS_BIND,
                   nullptr)
        == 0;
}

bool unwritableDirectory(Save &save)
{
    save.user = nobody;
    return ::chmod(native(save.directory).constData(), 0555) == 0;
}

bool unreadableDirectory(Save &save)
{
    save.user = nobody;
    return ::chmod(native(save.directory).constData(), 0333) == 0;
}

bool stickyDirectory(Save &save)
{
    save.user = nobody;
    return ::chown(native(save.target).constData(), stranger, stranger) == 0
        && ::chmod(native(save.directory).constData(), 01777) == 0;
}

bool appendOnlyDirectory(Save &save)
{
    save.undo = [](const Save &done) {
        facts::setFlag(done.directory, facts::Flag::AppendOnly, false);
    };
    return facts::setFlag(save.directory, facts::Flag::AppendOnly, true);
}

bool immutableFile(Save &save)
{
    save.undo = [](const Save &done) {
        facts::setFlag(done.target, facts::Flag::Immutable, false);
    };
    return facts::setFlag(save.target, facts::Flag::Immutable, true);
}

bool appendOnlyFile(Save &save)
{
    save.undo = [](const Save &done) {
        facts::setFlag(done.target, facts::Flag::AppendOnly, false);
    };
    return facts::setFlag(save.target, facts::Flag::AppendOnly, true);
}

bool protectedFile(Save &save)
{
    save.user = nobody;
    return ::chmod(native(save.target).constData(), 0444) == 0;
}

bool readOnlyMount(Save &save)
{
    const QByteArray root = native(QFileInfo(save.directory).path());
    return ::mount(nullptr, root.constData(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
}

/// Larger than the file system has room for.
bool fullDisk(Save &save)
{
    save.size = 16 * mebibyte;
    return true;
}

bool reachedQuota(Save &save)
{
    save.size = 16 * mebibyte;
    const auto run = [](const char *words, const QString &path) {
        QStringList command = QString::fromLatin1(words).split(QLatin1Char(' '));
        return QProcess::execute(QStringLiteral("btrfs"), command << path) == 0;
    };
    const QString root = QFileInfo(save.directory).path();
    return run("quota enable", root) && run("qgroup limit 1M", root);
}

bool reachedLimit(Save &save)
{
    save.size = 2 * mebibyte;
    save.limit = mebibyte;
    return true;
}

bool fifo(Save &save)
{
    return QFile::remove(save.target) && ::mkfifo(native(save.target).constData(), 0666) == 0;
}

bool directory(Save &save)
{
    return QFile::remove(save.target) && makeDirectory(save.target, 0777);
}

bool secondName(Save &save)
{
    save.holder = save.directory + QStringLiteral("/second");
    return ::link(native(save.target).constData(), native(save.holder).constData()) == 0;
}

bool nameOf255Bytes(Save &save)
{
    const QString old = save.target;
    save.target = save.directory + QLatin1Char('/') + QString(255, QLatin1Char('n'));
    return QFile::rename(old, save.target);
}

/// Qt cannot say this name; a link that leads to it can be said.
bool linkToANameThatIsNotUtf8(Save &save)
{
    const QByteArray name = native(save.directory) + "/\xff\xfe";
    return ::rename(native(save.target).constData(), name.constData()) == 0
        && ::symlink("\xff\xfe", native(save.target).constData()) == 0;
}

struct Row
{
    const char *name;
    bool (*prepare)(Save &);
    const FileSystemKind &kind;
};

const Row rows[] = {
    {"an ordinary file", &ordinary, ext4},
    {"a file with a second name", &secondName, ext4},
    {"a name of 255 bytes", &nameOf255Bytes, ext4},
    {"a link to a name that is not UTF-8", &linkToANameThatIsNotUtf8, ext4},
    {"a bind-mounted single file", &boundFile, ext4},
    {"a directory that refuses new files", &unwritableDirectory, ext4},
    {"somebody else's file in a sticky directory", &stickyDirectory, ext4},
    {"an append-only directory", &appendOnlyDirectory, ext4},
    {"a directory that may not be read", &unreadableDirectory, ext4},
    {"a write-protected file", &protectedFile, ext4},
    {"an immutable file", &immutableFile, ext4},
    {"an append-only file", &appendOnlyFile, ext4},
    {"a read-only mount", &readOnlyMount, ext4},
    {"a full tmpfs", &fullDisk, tmpfs},
    {"a full ext4", &fullDisk, ext4},
    {"a quota of btrfs", &reachedQuota, btrfs},
    {"a limit for the size of files", &reachedLimit, ext4},
    {"a FIFO", &fifo, ext4},
    {"a directory", &directory, ext4},
};

/// "Error at Step", and what became of the target if that is not clear from it.
QString outcomeText(const QJsonObject &result)
{
    const QString error = result[QStringLiteral("error")].toString();
    const bool isOverwritten = (result[QStringLiteral("losses")].toInt()
                                & AtomicFileResult::Atomicity)
        != 0;
    if (error == QLatin1String("None"))
        return isOverwritten ? QStringLiteral("overwritten") : QStringLiteral("replaced");
    const QString state = result[QStringLiteral("state")].toString();
    const QString text = error + QStringLiteral(" at ") + result[QStringLiteral("step")].toString();
    return state == QLatin1String("Unchanged") ? text : text + QStringLiteral(", ") + state;
}

} // namespace

class tst_Targets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saves_data();
    void saves();

private:
    QString run(const Save &save, QJsonObject &result) const;

    const Guarantees m_guarantees{QStringLiteral("target")};
    QTemporaryDir m_scratch;
};

void tst_Targets::initTestCase()
{
    QStringList names;
    for (const Row &row : rows)
        names.append(QLatin1String(row.name));
    QCOMPARE(m_guarantees.rows(), names);
}

void tst_Targets::saves_data()
{
    QTest::addColumn<const Row *>("row");
    QTest::addColumn<bool>("mayOverwrite");
    for (const Row &row : rows) {
        QTest::newRow(row.name) << &row << false;
        QTest::addRow("%s, in place allowed", row.name) << &row << true;
    }
}

/// Gives what went wrong with the program itself.
QString tst_Targets::run(const Save &save, QJsonObject &result) const
{
    QProcess saver;
    // Where the old content is kept that cannot be kept beside the target.
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("XDG_STATE_HOME"),
                       QFileInfo(save.directory).path() + QStringLiteral("/state"));
    saver.setProcessEnvironment(environment);
    saver.start(QStringLiteral(SAVER_PROGRAM),
                {QStringLiteral("save"), save.target, QString::number(save.size),
                 QString::number(save.user), QString::number(save.limit),
                 QString::number(int(save.mayOverwrite))});
    if (!saver.waitForFinished() || saver.exitStatus() != QProcess::NormalExit
        || saver.exitCode() != 0)
        return QStringLiteral("the saver failed: ")
            + QString::fromLocal8Bit(saver.readAllStandardError());
    result = QJsonDocument::fromJson(saver.readAllStandardOutput()).object();
    return {};
}

void tst_Targets::saves()
{
    QFETCH(const Row *, row);
    QFETCH(const bool, mayOverwrite);
    Mount mount(row->kind, m_scratch.path());
    if (!mount.obstacle().isEmpty())
        QSKIP(qPrintable(mount.obstacle()));
    Save save;
    save.directory = mount.filePath(QStringLiteral("directory"));
    save.target = save.directory + QStringLiteral("/file");
    QVERIFY(::chmod(native(mount.path()).constData(), 0755) == 0);
    QVERIFY(makeDirectory(save.directory, 0755));
    const QString state = mount.filePath(QStringLiteral("state"));
    QVERIFY(makeDirectory(state, 0700));
    save.mayOverwrite = mayOverwrite;
    QVERIFY(facts::writePlainly(save.target, oldContent));
    QVERIFY(::chmod(native(save.target).constData(), 0666) == 0);
    QVERIFY(row->prepare(save));
    if (save.user != 0)
        QCOMPARE(::chown(native(state).constData(), save.user, save.user), 0);
    const bool isRegular = QFileInfo(save.target).isFile();
    const quint64 inode = facts::inodeOf(save.target);

    QJsonObject result;
    const QString problem = run(save, result);
    const QStringList left = facts::stagedNames(save.directory);
    const bool isSame = facts::inodeOf(save.target) == inode;
    const QByteArray content = isRegular ? facts::readPlainly(save.target) : oldContent;
    const QByteArray held = save.holder.isEmpty() ? oldContent : facts::readPlainly(save.holder);
    save.undo(save); // Before anything can fail: some could not be removed otherwise.

    QCOMPARE(problem, QString());
    const QString outcome = outcomeText(result);
    QCOMPARE(outcome,
             m_guarantees.cell(QLatin1String(row->name),
                               mayOverwrite ? QStringLiteral("in place allowed")
                                            : QStringLiteral("a save")));
    const bool isUnchanged = result[QStringLiteral("state")].toString()
        == QLatin1String("Unchanged");
    QCOMPARE(isSame, isUnchanged || outcome == QLatin1String("overwritten"));
    QCOMPARE(content, isUnchanged ? oldContent : QByteArray(save.size, 'n'));
    QCOMPARE(held, oldContent);
    // What could not be removed is named.
    QStringList retained;
    for (const QJsonValue &path : result[QStringLiteral("retained")].toArray())
        retained.append(QFileInfo(path.toString()).fileName());
    QCOMPARE(left, retained);
    if (mayOverwrite)
        return;
    QCOMPARE(left.isEmpty() ? QStringLiteral("nothing") : QStringLiteral("a staged file"),
             m_guarantees.cell(QLatin1String(row->name), QStringLiteral("left behind")));
}

int main(int argc, char *argv[])
{
    enterPrivateMounts();
    const QCoreApplication application(argc, argv);
    tst_Targets test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_targets_linux.moc"
