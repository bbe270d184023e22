// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"
#include "support/this_system.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QProcess>
#include <QtCore/QRegularExpression>
#include <QtCore/QScopeGuard>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <filesystem>
#include <memory>
#include <system_error>

using Error = AtomicFileResult::Error;
using Options = AtomicFileOptions;
using State = AtomicFileResult::TargetState;
using Step = AtomicFileResult::Step;

/// What the static functions do with files, without an event loop.
class TestStaticFunctions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void writesFilesOfAnyName_data();
    void writesFilesOfAnyName();
    void writesText();
    void movesAndCopies();
    void copiesFilesThatAreMadeUp_data();
    void copiesFilesThatAreMadeUp();
    void readsWithTheVersion();
    void saysWhyAFileCannotBeRead();
    void resolvesRelativePathsWhenAsked();
    void refusesWhatCannotBeATarget_data();
    void refusesWhatCannotBeATarget();
    void obeysExisting();
    void obeysSymlinks();
    void obeysHardLinks();
    void obeysExpectedVersion();
    void obeysPermissions_data();
    void obeysPermissions();
    void keepsThePermissionsOfTheTarget();
    void sweepsWhatACrashLeft();
    void honoursCancellingTheFuture();
    void ordersOperationsOnOneTarget();
    void tellsWhatIsPending();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }
    QStringList entries() const { return namesIn(m_scratch->path()); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestStaticFunctions::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestStaticFunctions::writesFilesOfAnyName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Error>("error"); // of a system that does not take any name
    QTest::newRow("plain") << QStringLiteral("file.txt") << Error::None;
    QTest::newRow("blanks") << QStringLiteral(" a b") << Error::None;
    QTest::newRow("blank at the end") << QStringLiteral("a b ") << Error::InvalidPath;
    QTest::newRow("Latin-1") << QStringLiteral(u"gr\u00f6\u00dfe") << Error::None;
    QTest::newRow("Cyrillic") << QStringLiteral(u"\u0444\u0430\u0439\u043b") << Error::None;
    QTest::newRow("Japanese") << QStringLiteral(u"\u30d5\u30a1\u30a4\u30eb") << Error::None;
    QTest::newRow("beyond the BMP") << QStringLiteral(u"\U0001f600") << Error::None;
    QTest::newRow("newline") << QStringLiteral("a\nb") << Error::InvalidPath;
    QTest::newRow("begins like a resource") << QStringLiteral(":file") << Error::Unsupported;
    QTest::newRow("255 letters") << QString(255, QLatin1Char('n')) << Error::None;
}

void TestStaticFunctions::writesFilesOfAnyName()
{
    QFETCH(const QString, name);
    QFETCH(const Error, error);
    for (const QByteArray content : {"old", "the new content"}) {
        const AtomicFileResult result =
            AtomicFile::writeFile(m_scratch->path() + QLatin1Char('/') + name, content).result();
        if (error != Error::None && !thissystem::takesAnyName()) {
            QCOMPARE(result.error(), error);
            QCOMPARE(entries(), QStringList());
            continue;
        }
        QVERIFY2(result, qPrintable(result.errorString()));
        QCOMPARE(entries(), QStringList{name});
        QCOMPARE(AtomicFile::readFile(result.fileName()).result().bytes, content);
    }
}

void TestStaticFunctions::writesText()
{
    const QString text = QString::fromUtf8("a\nb\r\n\u20ac");
    const AtomicFileResult result = AtomicFile::writeTextFile(at("file"), text).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(contentOf(at("file")), text.toUtf8());
    QCOMPARE(result.bytesWritten(), text.toUtf8().size());
}

void TestStaticFunctions::movesAndCopies()
{
    QVERIFY(AtomicFile::writeFile(at("file"), "content").result());
    QVERIFY(AtomicFile::copyFile(at("file"), at("copy")).result());
    QCOMPARE(contentOf(at("copy")), QByteArray("content"));
    const AtomicFileResult moved = AtomicFile::moveFile(at("file"), at("copy")).result();
    QVERIFY2(moved, qPrintable(moved.errorString()));
    QCOMPARE(moved.targetState(), State::Replaced);
    QCOMPARE(entries(), QStringList{QStringLiteral("copy")});

    const AtomicFileResult missing = AtomicFile::moveFile(at("file"), at("copy")).result();
    QCOMPARE(missing.error(), Error::NotFound);
    QCOMPARE(missing.targetState(), State::Unchanged);
    QVERIFY2(missing.errorString().contains(at("file")), qPrintable(missing.errorString()));
    QVERIFY2(missing.errorString().contains(at("copy")), qPrintable(missing.errorString()));
}

void TestStaticFunctions::copiesFilesThatAreMadeUp_data()
{
    QTest::addColumn<QString>("path");
    QTest::newRow("says that it is empty") << QStringLiteral("/proc/version");
    QTest::newRow("says that it is longer") << QStringLiteral("/sys/kernel/fscaps");
}

/// The kernel writes them while they are read, and does not know their length before.
void TestStaticFunctions::copiesFilesThatAreMadeUp()
{
    QFETCH(const QString, path);
    QFile source(path);
    if (!source.open(QIODevice::ReadOnly))
        QSKIP("Only Linux has this file.");
    const QByteArray content = source.readAll();
    QVERIFY(!content.isEmpty());
    QVERIFY(content.size() != source.size());
    const AtomicFileResult result = AtomicFile::copyFile(path, at("copy")).result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(contentOf(at("copy")), content);
}

void TestStaticFunctions::readsWithTheVersion()
{
    const QByteArray bytes(3'000'000, 'x');
    const AtomicFileResult written = AtomicFile::writeFile(at("file"), bytes).result();
    const auto future = AtomicFile::readFile(at("file"));
    const AtomicFileContent content = future.result();
    QVERIFY2(content.result, qPrintable(content.result.errorString()));
    QCOMPARE(content.bytes, bytes);
    QVERIFY(content.version == written.version());
    QCOMPARE(content.result.targetState(), State::Unchanged);

    QVERIFY(AtomicFile::writeFile(at("empty"), {}).result());
    const AtomicFileContent empty = AtomicFile::readFile(at("empty")).result();
    QVERIFY(empty.result);
    QVERIFY(empty.bytes.isEmpty());
    QVERIFY(!empty.version.isNull());
}

void TestStaticFunctions::saysWhyAFileCannotBeRead()
{
    const AtomicFileContent missing = AtomicFile::readFile(at("missing")).result();
    QCOMPARE(missing.result.error(), Error::NotFound);
    QVERIFY(missing.bytes.isEmpty() && missing.version.isNull());
    QVERIFY2(missing.result.errorString().contains(at("missing")),
             qPrintable(missing.result.errorString()));
    const AtomicFileContent directory = AtomicFile::readFile(m_scratch->path()).result();
    QCOMPARE(directory.result.error(), Error::IsDirectory);
}

void TestStaticFunctions::resolvesRelativePathsWhenAsked()
{
    const QString before = QDir::currentPath();
    const auto restore = qScopeGuard([&before] { QDir::setCurrent(before); });
    QVERIFY(QDir::setCurrent(m_scratch->path()));
    const auto future = AtomicFile::writeFile(QStringLiteral("relative"), "content");
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(future.result());
    QCOMPARE(contentOf(at("relative")), QByteArray("content"));
}

void TestStaticFunctions::refusesWhatCannotBeATarget_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<Error>("error");
    QTest::newRow("empty") << QString() << Error::InvalidPath;
    QTest::newRow("NUL") << QStringLiteral("%1/a") + QChar(u'\0') + QLatin1Char('b')
                         << Error::InvalidPath;
    QTest::newRow("directory") << QStringLiteral("%1") << Error::IsDirectory;
    QTest::newRow("trailing separator") << QStringLiteral("%1/file/") << Error::IsDirectory;
    QTest::newRow("missing directory") << QStringLiteral("%1/no/file") << Error::NotFound;
    QTest::newRow("256 letters") << QStringLiteral("%1/") + QString(256, QLatin1Char('n'))
                                 << Error::NameTooLong;
    QTest::newRow("device") << QProcess::nullDevice()
                            << (thissystem::takesAnyName() ? Error::NotRegularFile
                                                           : Error::InvalidPath);
}

void TestStaticFunctions::refusesWhatCannotBeATarget()
{
    QFETCH(const QString, name);
    QFETCH(const Error, error);
    const QString path = name.startsWith(QLatin1Char('%')) ? m_scratch->path() + name.mid(2) : name;
    const AtomicFileResult result = AtomicFile::writeFile(path, "content").result();
    QCOMPARE(result.error(), error);
    QCOMPARE(result.targetState(), State::Unchanged);
    QVERIFY(result.errorString().endsWith(QLatin1Char('.')));
    QVERIFY(entries().isEmpty());
}

void TestStaticFunctions::obeysExisting()
{
    Options options;
    options.existing = Options::Existing::MustExist;
    QCOMPARE(AtomicFile::writeFile(at("file"), "1", options).result().error(), Error::NotFound);
    options.existing = Options::Existing::CreateNew;
    QVERIFY(AtomicFile::writeFile(at("file"), "2", options).result());
    QCOMPARE(AtomicFile::writeFile(at("file"), "3", options).result().error(),
             Error::AlreadyExists);
    QCOMPARE(contentOf(at("file")), QByteArray("2"));
    options.existing = Options::Existing::MustExist;
    QVERIFY(AtomicFile::writeFile(at("file"), "4", options).result());
    QCOMPARE(contentOf(at("file")), QByteArray("4"));
}

void TestStaticFunctions::obeysSymlinks()
{
    QVERIFY(AtomicFile::writeFile(at("file"), "old").result());
    MAKE_SYMLINK_OR_SKIP(QStringLiteral("file"), at("link"));
    Options options;
    const AtomicFileResult followed = AtomicFile::writeFile(at("link"), "followed", options)
                                          .result();
    QCOMPARE(followed.fileName(), at("file"));
    QCOMPARE(contentOf(at("file")), QByteArray("followed"));
    options.symlinks = Options::Symlinks::Refuse;
    QCOMPARE(AtomicFile::writeFile(at("link"), "x", options).result().error(),
             Error::NotRegularFile);
    options.symlinks = Options::Symlinks::Replace;
    QVERIFY(AtomicFile::writeFile(at("link"), "replaced", options).result());
    QVERIFY(!QFileInfo(at("link")).isSymLink());
    QCOMPARE(contentOf(at("link")), QByteArray("replaced"));
    QCOMPARE(contentOf(at("file")), QByteArray("followed"));
}

void TestStaticFunctions::obeysHardLinks()
{
    QVERIFY(AtomicFile::writeFile(at("file"), "old").result());
    // Qt has no function for it.
    std::error_code error;
    std::filesystem::create_hard_link(at("file").toStdU16String(), at("second").toStdU16String(),
                                      error);
    if (error)
        QSKIP("This file system has no hard links.");
    Options options;
    options.hardLinks = Options::HardLinks::Refuse;
    QCOMPARE(AtomicFile::writeFile(at("file"), "new", options).result().error(),
             Error::TooManyLinks);
    QVERIFY(AtomicFile::writeFile(at("file"), "new").result());
    QCOMPARE(contentOf(at("file")), QByteArray("new"));
    QCOMPARE(contentOf(at("second")), QByteArray("old"));
}

void TestStaticFunctions::obeysExpectedVersion()
{
    Options options;
    options.expectedVersion = AtomicFileVersion();
    const AtomicFileResult created = AtomicFile::writeFile(at("file"), "mine", options).result();
    QVERIFY(created);
    QCOMPARE(AtomicFile::writeFile(at("file"), "x", options).result().error(), Error::Conflict);
    options.expectedVersion = created.version();
    QVERIFY(AtomicFile::writeFile(at("file"), "of somebody else").result());
    const AtomicFileResult conflict = AtomicFile::writeFile(at("file"), "x", options).result();
    QCOMPARE(conflict.error(), Error::Conflict);
    QCOMPARE(contentOf(at("file")), QByteArray("of somebody else"));
    options.expectedVersion = AtomicFileVersion::of(at("file"));
    QVERIFY(AtomicFile::writeFile(at("file"), "mine again", options).result());
}

void TestStaticFunctions::obeysPermissions_data()
{
    QTest::addColumn<int>("permissions");
    QTest::newRow("everybody everything") << 0x7077;
    QTest::newRow("the owner alone") << 0x6000;
    QTest::newRow("a write-protected file") << 0x4444;
}

void TestStaticFunctions::obeysPermissions()
{
    QFETCH(const int, permissions);
    // Qt answers with the bits of "user" as well, which are the owner's or what the caller may do. Of a
    // mode Windows has but "write-protected".
    const auto told = thissystem::hasModes()
        ? ~(QFileDevice::ReadUser | QFileDevice::WriteUser | QFileDevice::ExeUser)
        : QFileDevice::ReadOwner | QFileDevice::WriteOwner;
    Options options;
    options.permissions = QFileDevice::Permissions(permissions);
    QVERIFY(AtomicFile::writeFile(at("file"), "x", options).result());
    QCOMPARE(QFile::permissions(at("file")) & told, *options.permissions & told);
    QVERIFY(QFile::setPermissions(at("file"), QFileDevice::ReadOwner | QFileDevice::WriteOwner));
}

void TestStaticFunctions::keepsThePermissionsOfTheTarget()
{
    QVERIFY(AtomicFile::writeFile(at("file"), "old").result());
    const QFileDevice::Permissions odd = QFileDevice::ReadOwner | QFileDevice::WriteOwner
        | QFileDevice::ExeOwner | QFileDevice::ReadOther;
    QVERIFY(QFile::setPermissions(at("file"), odd));
    const auto before = QFile::permissions(at("file"));
    const AtomicFileResult result = AtomicFile::writeFile(at("file"), "new").result();
    QVERIFY(result);
    QCOMPARE(result.losses(), AtomicFileResult::NoLoss);
    QCOMPARE(QFile::permissions(at("file")), before);
}

void TestStaticFunctions::sweepsWhatACrashLeft()
{
    const QString left = at(".af-abcdefghij234567abcd");
    QFile file(left);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    QVERIFY(AtomicFile::writeFile(at("file"), "content").result());
    QCOMPARE(AtomicFile::sweep(m_scratch->path()).result(), QStringList{left});
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(AtomicFile::sweep(m_scratch->path()).result(), QStringList());

    QTest::ignoreMessage(QtWarningMsg,
                         QRegularExpression(QStringLiteral("missing.*does not exist")));
    QCOMPARE(AtomicFile::sweep(at("missing")).result(), QStringList());
}

void TestStaticFunctions::honoursCancellingTheFuture()
{
    // The first operation holds the others up for long enough on any machine, by its size.
    const auto first = AtomicFile::writeFile(at("file"), QByteArray(32 << 20, 'x'));
    auto second = AtomicFile::writeFile(at("file"), "second");
    second.cancel();
    second.waitForFinished();
    QVERIFY(second.isFinished());
    QCOMPARE(second.resultCount(), 0);
    QVERIFY(first.result());
    QCOMPARE(contentOf(at("file")).size(), 32 << 20);
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestStaticFunctions::ordersOperationsOnOneTarget()
{
    Options options;
    options.durability = Options::Durability::None;
    QVERIFY(QDir(m_scratch->path()).mkdir(QStringLiteral("directory")));
    QList<QFuture<AtomicFileContent>> reads;
    for (int i = 0; i < 100; ++i) {
        AtomicFile::writeFile(at("file"), QByteArray::number(i), options);
        AtomicFile::moveFile(at("directory/../file"), at("moved"), options);
        reads << AtomicFile::readFile(at("./moved"));
    }
    for (int i = 0; i < 100; ++i)
        QCOMPARE(reads[i].result().bytes, QByteArray::number(i));
}

void TestStaticFunctions::tellsWhatIsPending()
{
    QCOMPARE(AtomicFile::pendingLimit(), qint64(256) << 20);
    QVERIFY(AtomicFile::waitForPending());
    QCOMPARE(AtomicFile::pendingBytes(), 0);
    QVERIFY(AtomicFile::whenBelowPendingLimit().isFinished());

    AtomicFile::setPendingLimit(-1);
    QCOMPARE(AtomicFile::pendingLimit(), 0);
    // Held up by its size for long enough on any machine.
    const QByteArray bytes(32 << 20, 'x');
    const auto first = AtomicFile::writeFile(at("file"), bytes);
    const auto second = AtomicFile::writeTextFile(at("file"), QStringLiteral("text"));
    QVERIFY(AtomicFile::pendingBytes() >= 2048 + 8);
    QFuture<void> allowed = AtomicFile::whenBelowPendingLimit();
    QVERIFY(!allowed.isFinished());
    allowed.waitForFinished();
    QVERIFY(first.isFinished() && second.isFinished());
    QCOMPARE(AtomicFile::pendingBytes(), 0);
    AtomicFile::setPendingLimit(qint64(256) << 20);
}

QTEST_GUILESS_MAIN(TestStaticFunctions)
#include "tst_staticfunctions.moc"
