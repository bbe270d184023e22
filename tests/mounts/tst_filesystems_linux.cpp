// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What docs/guarantees.md says of file systems, measured on them: each row mounts one.

#include "facts_linux.h"
#include "filesystem_kinds_linux.h"
#include "guarantees.h"
#include "mount_linux.h"
#include "patient_reader_linux.h"

#include <AtomicFile/AtomicFile>

#include <QDir>
#include <QFile>
#include <QMetaEnum>
#include <QProcess>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include <map>

#include <fcntl.h>

namespace {

const QByteArray oldContent("old content");
const QByteArray newContent("new content");
constexpr int mebibyte = 1 << 20;

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

QString nameOf(Error error)
{
    return QLatin1String(QMetaEnum::fromType<Error>().valueToKey(static_cast<int>(error)));
}

QString keptText(const facts::Belongings &kept)
{
    QStringList names;
    if (kept.owner)
        names.append(QStringLiteral("owner"));
    if (kept.mode)
        names.append(QStringLiteral("permissions"));
    if (kept.accessControl)
        names.append(QStringLiteral("access control list"));
    if (kept.attribute)
        names.append(QStringLiteral("extended attributes"));
    return names.isEmpty() ? QStringLiteral("nothing") : names.join(QStringLiteral(", "));
}

bool saveDurably(const QString &path)
{
    return bool(AtomicFile::writeFile(path, newContent).result());
}

/// In a group whose content is synced in one go where the system offers that.
bool saveWithNeighbours(const QString &path)
{
    AtomicFileBatch batch;
    for (int i = 0; i < 4; ++i)
        batch.write(path + QString::number(i), newContent);
    batch.write(path, newContent);
    const QList<AtomicFileResult> results = batch.commit().result();
    return std::all_of(results.begin(), results.end(),
                       [](const AtomicFileResult &result) { return bool(result); });
}

using Save = bool (*)(const QString &path);

bool saveWithQt(const QString &path)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(newContent) == newContent.size()
        && file.commit();
}

} // namespace

class tst_FileSystems : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();

    void writes();
    void streams();
    void createsNew();
    void readersDuringAReplace();
    void belongings();
    void movesWithin();
    void movesInAndOut();
    void copies();
    void longNames();
    void sweeps();
    void afterAPowerCut_data();
    void afterAPowerCut();

private:
    QString path(const char *name) const { return m_mount->filePath(QLatin1String(name)); }
    QString documented(const char *column) const
    {
        return m_guarantees.cell(QLatin1String(m_kind->name), QLatin1String(column));
    }
    bool hasNoLeftovers() const { return facts::stagedNames(m_mount->path()).isEmpty(); }

    const Guarantees m_guarantees{QStringLiteral("file system")};
    QTemporaryDir m_scratch;
    std::map<const FileSystemKind *, std::unique_ptr<Mount>> m_mounts;
    std::unique_ptr<Mount> m_elsewhere;
    const FileSystemKind *m_kind = nullptr;
    Mount *m_mount = nullptr;
};

void tst_FileSystems::initTestCase_data()
{
    QTest::addColumn<const FileSystemKind *>("kind");
    for (const FileSystemKind &kind : fileSystemKinds())
        QTest::newRow(kind.name) << &kind;
}

void tst_FileSystems::initTestCase()
{
    QStringList rows;
    for (const FileSystemKind &kind : fileSystemKinds())
        rows.append(QLatin1String(kind.name));
    QCOMPARE(m_guarantees.rows(), rows);
}

/// Mounts a file system when the first test asks for it.
void tst_FileSystems::init()
{
    QFETCH_GLOBAL(const FileSystemKind *, kind);
    m_kind = kind;
    std::unique_ptr<Mount> &mount = m_mounts[kind];
    if (!mount)
        mount = std::make_unique<Mount>(*kind, m_scratch.path());
    m_mount = mount.get();
    if (!mount->obstacle().isEmpty())
        QSKIP(qPrintable(mount->obstacle()));
    // A test begins with nothing, whatever became of the one before.
    for (const QString &name : QDir(mount->path()).entryList(QDir::Files | QDir::Hidden))
        QVERIFY2(QFile::remove(mount->filePath(name)), qPrintable(name));
}

void tst_FileSystems::writes()
{
    const QString target = path("file");
    for (const QByteArray &content : {oldContent, QByteArray(3 * mebibyte, 'n'), newContent}) {
        const AtomicFileResult result = AtomicFile::writeFile(target, content).result();
        QVERIFY2(result, qPrintable(result.errorString()));
        QCOMPARE(result.targetState(), State::Replaced);
        QCOMPARE(result.bytesWritten(), content.size());
        QCOMPARE(result.losses() & AtomicFileResult::Durability, AtomicFileResult::Losses());
        QCOMPARE(facts::readPlainly(target), content);
        QVERIFY(hasNoLeftovers());
    }
    // The version that a save gives is the one that the next save may expect.
    AtomicFileOptions options;
    options.expectedVersion = AtomicFile::writeFile(target, oldContent).result().version();
    QVERIFY(AtomicFile::writeFile(target, newContent, options).result());
    QCOMPARE(AtomicFile::writeFile(target, oldContent, options).result().error(), Error::Conflict);
    QCOMPARE(facts::readPlainly(target), newContent);
    QVERIFY(hasNoLeftovers());
}

void tst_FileSystems::streams()
{
    const QString target = path("file");
    QVERIFY(facts::writePlainly(target, oldContent));
    AtomicFileDevice device(target);
    QVERIFY(device.open(QIODevice::WriteOnly));
    const QByteArray part(100'000, 'p');
    for (int i = 0; i < 20; ++i)
        QCOMPARE(device.write(part), part.size());
    QCOMPARE(facts::readPlainly(target), oldContent);
    QVERIFY2(device.commit(), qPrintable(device.result().errorString()));
    QCOMPARE(facts::readPlainly(target), part.repeated(20));

    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write(part), part.size());
    device.cancelWriting();
    QVERIFY(!device.commit());
    QCOMPARE(facts::readPlainly(target), part.repeated(20));
    QVERIFY(hasNoLeftovers());
}

void tst_FileSystems::createsNew()
{
    AtomicFileOptions options;
    options.existing = AtomicFileOptions::Existing::CreateNew;
    const QString taken = path("taken");
    QVERIFY(facts::writePlainly(taken, oldContent));
    const AtomicFileResult refused = AtomicFile::writeFile(taken, newContent, options).result();
    QCOMPARE(refused.error(), Error::AlreadyExists);
    QCOMPARE(refused.targetState(), State::Unchanged);
    QCOMPARE(facts::readPlainly(taken), oldContent);

    const QString target = path("file");
    const AtomicFileResult result = AtomicFile::writeFile(target, newContent, options).result();
    QVERIFY(hasNoLeftovers());
    // By which way it went, the same calls tell.
    const QByteArray name = QFile::encodeName(taken);
    const bool renames = ::renameat2(AT_FDCWD, name.constData(), AT_FDCWD, (name + '2').constData(),
                                     RENAME_NOREPLACE)
        == 0;
    QString way = renames ? QStringLiteral("renamed") : QStringLiteral("linked");
    if (!result) {
        way = nameOf(result.error());
        QVERIFY(!QFile::exists(target));
    } else {
        QCOMPARE(facts::readPlainly(target), newContent);
    }
    QCOMPARE(way, documented("new under CreateNew"));
}

/// What FUSE programs do in between is theirs, and what a reader meets then is chance.
void tst_FileSystems::readersDuringAReplace()
{
    constexpr int replaces = 100;
    const QString target = path("file");
    QVERIFY(facts::writePlainly(target, PatientReader::wholeContent(0)));
    PatientReader reader(target);
    int failures = 0;
    for (int i = 0; i < replaces; ++i)
        failures += AtomicFile::writeFile(target, PatientReader::wholeContent(i % 26)).result() ? 0
                                                                                                : 1;
    const Sightings seen = reader.stop();

    qInfo("%d times whole, %d times nothing, %d times torn", seen.whole, seen.nothing, seen.torn);
    QCOMPARE(failures, 0);
    QCOMPARE(seen.torn, 0);
    QVERIFY(seen.whole > 0);
    if (m_kind->type)
        QCOMPARE(seen.nothing, 0);
    const QString expected = m_kind->type ? QStringLiteral("old or new")
                                          : QStringLiteral("old, new or nothing");
    QCOMPARE(documented("a reader sees"), expected);
}

/// What was there and is no more, the result names, and nothing else.
void tst_FileSystems::belongings()
{
    const QString target = path("file");
    QVERIFY(facts::writePlainly(target, oldContent));
    facts::dress(target);
    const facts::Belongings before = facts::belongingsOf(target);
    const AtomicFileResult result = AtomicFile::writeFile(target, newContent).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    const facts::Belongings after = facts::belongingsOf(target);

    QCOMPARE(result.losses().testFlag(AtomicFileResult::Owner), before.owner && !after.owner);
    QCOMPARE(result.losses().testFlag(AtomicFileResult::Permissions), before.mode && !after.mode);
    QCOMPARE(result.losses().testFlag(AtomicFileResult::AccessControlList),
             before.accessControl && !after.accessControl);
    QCOMPARE(result.losses().testFlag(AtomicFileResult::ExtendedAttributes),
             before.attribute && !after.attribute);
    QCOMPARE(keptText(after), documented("a replaced file keeps"));
    QCOMPARE(facts::lossText(result.losses()), documented("and loses"));
}

void tst_FileSystems::movesWithin()
{
    const QString source = path("source");
    const QString target = path("target");
    QVERIFY(facts::writePlainly(source, newContent));
    QVERIFY(facts::writePlainly(target, oldContent));
    const AtomicFileResult result = AtomicFile::moveFile(source, target).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(result.targetState(), State::Replaced);
    QCOMPARE(result.bytesWritten(), 0);
    QCOMPARE(facts::readPlainly(target), newContent);
    QVERIFY(!QFile::exists(source));
    QVERIFY(hasNoLeftovers());
}

void tst_FileSystems::movesInAndOut()
{
    static const FileSystemKind memory{.name = "elsewhere", .type = "tmpfs", .options = "size=16m"};
    if (!m_elsewhere)
        m_elsewhere = std::make_unique<Mount>(memory, m_scratch.path());
    QCOMPARE(m_elsewhere->obstacle(), QString());
    const QString outside = m_elsewhere->filePath(QStringLiteral("file"));
    const QString inside = path("file");
    const QByteArray content(2 * mebibyte, 'c');
    QVERIFY(facts::writePlainly(outside, content));
    facts::dress(outside);
    const facts::Belongings before = facts::belongingsOf(outside);
    const qint64 modified = facts::modifiedAt(outside);

    const AtomicFileResult in = AtomicFile::moveFile(outside, inside).result();
    QVERIFY2(in, qPrintable(in.errorString()));
    QVERIFY(!QFile::exists(outside));
    QCOMPARE(facts::readPlainly(inside), content);
    const facts::Belongings after = facts::belongingsOf(inside);
    QCOMPARE(in.losses().testFlag(AtomicFileResult::Owner), before.owner && !after.owner);
    QVERIFY(after.mode || in.losses().testFlag(AtomicFileResult::Permissions));
    QVERIFY(after.accessControl || in.losses().testFlag(AtomicFileResult::AccessControlList));
    QVERIFY(after.attribute || in.losses().testFlag(AtomicFileResult::ExtendedAttributes));
    // Whole seconds are what some can store.
    QVERIFY(facts::modifiedAt(inside) / 1'000'000'000 == modified / 1'000'000'000
            || in.losses().testFlag(AtomicFileResult::Timestamps));

    const AtomicFileResult out = AtomicFile::moveFile(inside, outside).result();
    QVERIFY2(out, qPrintable(out.errorString()));
    QVERIFY(!QFile::exists(inside));
    QCOMPARE(facts::readPlainly(outside), content);
    QVERIFY(hasNoLeftovers());
    QVERIFY(facts::stagedNames(m_elsewhere->path()).isEmpty());
}

void tst_FileSystems::copies()
{
    const QString source = path("source");
    const QString target = path("target");
    const QByteArray part(64 * 1024, 'p');
    {
        QFile file(source);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(part), part.size());
        QVERIFY(file.seek(2 * mebibyte));
        QCOMPARE(file.write(part), part.size());
        QVERIFY(file.resize(4 * mebibyte));
    }
    const AtomicFileResult result = AtomicFile::copyFile(source, target).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(facts::readPlainly(target), facts::readPlainly(source));
    QCOMPARE(facts::readPlainly(target).size(), qint64(4 * mebibyte));
    QVERIFY(hasNoLeftovers());

    QString way = QStringLiteral("fills holes");
    if (facts::sharesStorage(target))
        way = QStringLiteral("shares storage");
    else if (facts::allocatedBytes(target) <= mebibyte)
        way = QStringLiteral("keeps holes");
    QCOMPARE(way, documented("a copy"));
}

void tst_FileSystems::longNames()
{
    const QString target = m_mount->filePath(QString(255, QLatin1Char('n')));
    QString outcome = QStringLiteral("written");
    for (const QByteArray &content : {oldContent, newContent}) {
        const AtomicFileResult result = AtomicFile::writeFile(target, content).result();
        if (result)
            QCOMPARE(facts::readPlainly(target), content);
        else
            outcome = nameOf(result.error());
    }
    QVERIFY(hasNoLeftovers());
    QCOMPARE(outcome, documented("a name of 255 bytes"));
    QCOMPARE(AtomicFile::writeFile(m_mount->filePath(QString(256, QLatin1Char('n'))), newContent)
                 .result()
                 .error(),
             Error::NameTooLong);
}

/// A staged file stays while its process lives, and goes when that was killed.
void tst_FileSystems::sweeps()
{
    const QString target = path("file");
    QVERIFY(facts::writePlainly(target, oldContent));
    QProcess saver;
    saver.start(QStringLiteral(SAVER_PROGRAM), {QStringLiteral("hold"), target});
    QTRY_VERIFY(saver.canReadLine());
    QCOMPARE(facts::stagedNames(m_mount->path()).size(), 1);
    QCOMPARE(AtomicFile::sweep(m_mount->path()).result(), QStringList());
    QCOMPARE(facts::stagedNames(m_mount->path()).size(), 1);

    saver.kill();
    QVERIFY(saver.waitForFinished());
    QCOMPARE(AtomicFile::sweep(m_mount->path()).result().size(), 1);
    QVERIFY(hasNoLeftovers());
    QCOMPARE(facts::readPlainly(target), oldContent);
}

void tst_FileSystems::afterAPowerCut_data()
{
    QTest::addColumn<Save>("save");
    QTest::addColumn<QString>("column");
    const QString ours = QStringLiteral("after a power cut");
    QTest::newRow("AtomicFile") << Save(&saveDurably) << ours;
    QTest::newRow("AtomicFileBatch") << Save(&saveWithNeighbours) << ours;
    QTest::newRow("QSaveFile") << Save(&saveWithQt) << QStringLiteral("with QSaveFile");
}

/// A save that was reported done, and then what the device holds by then, without what is in memory
/// only.
void tst_FileSystems::afterAPowerCut()
{
    QFETCH(Save, save);
    QFETCH(QString, column);
    const QString name = QStringLiteral("file");
    const QString target = m_mount->filePath(name);
    QString found = QStringLiteral("nothing");
    QVERIFY(facts::writePlainly(target, oldContent));
    m_mount->sync();
    QVERIFY(save(target));
    if (m_kind->mebibytes != 0 || m_kind->base) {
        const auto content = m_mount->contentAfterPowerCut(name);
        m_mounts.erase(m_kind);
        QVERIFY(content);
        found = *content == newContent ? QStringLiteral("new")
            : *content == oldContent   ? QStringLiteral("old")
                                       : QString::fromUtf8(*content);
    }
    QCOMPARE(found, documented(column.toLatin1().constData()));
}

int main(int argc, char *argv[])
{
    enterPrivateMounts();
    const QCoreApplication application(argc, argv);
    tst_FileSystems test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_filesystems_linux.moc"
