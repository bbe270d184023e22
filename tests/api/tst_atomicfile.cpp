// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QElapsedTimer>
#include <QtCore/QFile>
#include <QtCore/QFileInfo>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;
using Step = AtomicFileResult::Step;

/// The public functions on real files, without an event loop.
class tst_AtomicFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void writesNewAndExisting_data();
    void writesNewAndExisting();
    void textIsUtf8AsGiven();
    void names_data();
    void names();
    void relativePathMeansNow();
    void movesAndCopies();
    void objectMovesAndCopies();
    void existingPolicy();
    void symlinkPolicy();
    void refusesWhatIsNoFile();
    void expectedVersion();
    void permissionsOfNewAndOld();
    void readsContentAndVersion();
    void unsupportedOptionsTouchNothing_data();
    void unsupportedOptionsTouchNothing();
    void manyQueuedOperations();
    void orderOfOneTarget();
    void sweepTakesOnlyTheDead();

private:
    QString path(const QString &name) const { return m_directory->filePath(name); }
    QByteArray content(const QString &name) const;
    void put(const QString &name, const QByteArray &bytes) const;
    QStringList entries() const;

    std::unique_ptr<QTemporaryDir> m_directory;
};

void tst_AtomicFile::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
}

QByteArray tst_AtomicFile::content(const QString &name) const
{
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<cannot be opened>");
}

void tst_AtomicFile::put(const QString &name, const QByteArray &bytes) const
{
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QStringList tst_AtomicFile::entries() const
{
    return QDir(m_directory->path())
        .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                   QDir::Name);
}

void tst_AtomicFile::writesNewAndExisting_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<AtomicFileOptions::Durability>("durability");
    using Durability = AtomicFileOptions::Durability;
    for (const Durability durability :
         {Durability::None, Durability::Consistent, Durability::Durable}) {
        for (const qint64 size : {0, 1, 4096, 3 * 1024 * 1024 + 7}) {
            QTest::addRow("%lld bytes, durability %d", static_cast<long long>(size),
                          int(durability))
                << size << durability;
        }
    }
}

void tst_AtomicFile::writesNewAndExisting()
{
    QFETCH(qint64, size);
    QFETCH(AtomicFileOptions::Durability, durability);
    AtomicFileOptions options;
    options.durability = durability;
    for (const char letter : {'a', 'b'}) {
        const QByteArray bytes(size, letter);
        const auto result = AtomicFile::writeFile(path(QStringLiteral("file")), bytes, options)
                                .result();
        QVERIFY2(result, qPrintable(result.errorString()));
        QCOMPARE(result.targetState(), State::Replaced);
        QCOMPARE(result.bytesWritten(), size);
        QCOMPARE(result.attempts(), 1);
        QCOMPARE(result.fileName(), path(QStringLiteral("file")));
        QCOMPARE(result.version(), AtomicFileVersion::of(path(QStringLiteral("file"))));
        QVERIFY(result.errorString().isEmpty());
        QCOMPARE(content(QStringLiteral("file")), bytes);
    }
    QCOMPARE(entries(), QStringList(QStringLiteral("file")));
}

void tst_AtomicFile::textIsUtf8AsGiven()
{
    const QString text = QStringLiteral("Grüße\r\n世界\n\U0001F600");
    QVERIFY(AtomicFile::writeTextFile(path(QStringLiteral("text")), text).result());
    QCOMPARE(content(QStringLiteral("text")), text.toUtf8());
    AtomicFile file(path(QStringLiteral("text")));
    QVERIFY(file.writeText(QStringLiteral("ä")).result());
    QCOMPARE(content(QStringLiteral("text")), QByteArray("\xc3\xa4"));
}

void tst_AtomicFile::names_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("umlauts") << QStringLiteral("Größenänderung.txt");
    QTest::newRow("outside the basic plane") << QStringLiteral("\U0001F600.txt");
    QTest::newRow("255 bytes") << QString(255, QLatin1Char('n'));
    QTest::newRow("space and quotes") << QStringLiteral(" a \"b' c ");
    QTest::newRow("hidden") << QStringLiteral(".hidden");
}

void tst_AtomicFile::names()
{
    QFETCH(QString, name);
    const auto result = AtomicFile::writeFile(path(name), "content").result();
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(result.fileName(), path(name));
    QCOMPARE(entries(), QStringList(name));
}

void tst_AtomicFile::relativePathMeansNow()
{
    const QString before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_directory->path()));
    const QFuture<AtomicFileResult> future = AtomicFile::writeFile(QStringLiteral("relative"),
                                                                   "content");
    QVERIFY(QDir::setCurrent(before));
    QVERIFY(future.result());
    QCOMPARE(content(QStringLiteral("relative")), QByteArray("content"));
}

void tst_AtomicFile::movesAndCopies()
{
    put(QStringLiteral("source"), "content");
    const QString source = path(QStringLiteral("source"));
    const QString copy = path(QStringLiteral("copy"));
    const QString moved = path(QStringLiteral("moved"));
    QVERIFY(AtomicFile::copyFile(source, copy).result());
    QCOMPARE(content(QStringLiteral("copy")), QByteArray("content"));
    QVERIFY(AtomicFile::moveFile(source, moved).result());
    QCOMPARE(entries(), QStringList({QStringLiteral("copy"), QStringLiteral("moved")}));
    QVERIFY(AtomicFile::moveFile(copy, moved).result());
    QCOMPARE(entries(), QStringList(QStringLiteral("moved")));

    const AtomicFileResult missing = AtomicFile::moveFile(source, moved).result();
    QCOMPARE(missing.error(), Error::NotFound);
    QCOMPARE(missing.targetState(), State::Unchanged);
    QCOMPARE(content(QStringLiteral("moved")), QByteArray("content"));
}

void tst_AtomicFile::objectMovesAndCopies()
{
    put(QStringLiteral("object"), "content");
    AtomicFile file(path(QStringLiteral("object")));
    QVERIFY(file.copyTo(path(QStringLiteral("copy"))).result());
    QVERIFY(file.moveTo(path(QStringLiteral("moved"))).result());
    QCOMPARE(file.fileName(), path(QStringLiteral("object")));
    QCOMPARE(entries(), QStringList({QStringLiteral("copy"), QStringLiteral("moved")}));
}

void tst_AtomicFile::existingPolicy()
{
    AtomicFileOptions options;
    const QString file = path(QStringLiteral("file"));
    options.existing = AtomicFileOptions::Existing::MustExist;
    QCOMPARE(AtomicFile::writeFile(file, "1", options).result().error(), Error::NotFound);
    options.existing = AtomicFileOptions::Existing::CreateNew;
    QVERIFY(AtomicFile::writeFile(file, "2", options).result());
    const AtomicFileResult again = AtomicFile::writeFile(file, "3", options).result();
    QCOMPARE(again.error(), Error::AlreadyExists);
    QCOMPARE(again.targetState(), State::Unchanged);
    QCOMPARE(content(QStringLiteral("file")), QByteArray("2"));
    options.existing = AtomicFileOptions::Existing::MustExist;
    QVERIFY(AtomicFile::writeFile(file, "4", options).result());
    QCOMPARE(content(QStringLiteral("file")), QByteArray("4"));
}

void tst_AtomicFile::symlinkPolicy()
{
    AtomicFileOptions options;
    const QString link = path(QStringLiteral("link"));
    QVERIFY(QFile::link(QStringLiteral("hop"), link));
    QVERIFY(QFile::link(QStringLiteral("destination"), path(QStringLiteral("hop"))));
    const AtomicFileResult followed = AtomicFile::writeFile(link, "1").result();
    QVERIFY2(followed, qPrintable(followed.errorString()));
    QCOMPARE(followed.fileName(), path(QStringLiteral("destination")));
    QCOMPARE(content(QStringLiteral("destination")), QByteArray("1"));
    QVERIFY(QFileInfo(link).isSymLink());

    options.symlinks = AtomicFileOptions::Symlinks::Refuse;
    QCOMPARE(AtomicFile::writeFile(link, "2", options).result().error(), Error::NotRegularFile);
    options.symlinks = AtomicFileOptions::Symlinks::Replace;
    QVERIFY(AtomicFile::writeFile(link, "3", options).result());
    QVERIFY(!QFileInfo(link).isSymLink());
    QCOMPARE(content(QStringLiteral("destination")), QByteArray("1"));

    QVERIFY(QFile::link(QStringLiteral("circle"), path(QStringLiteral("circle"))));
    QCOMPARE(AtomicFile::writeFile(path(QStringLiteral("circle")), "4").result().error(),
             Error::InvalidPath);
}

void tst_AtomicFile::refusesWhatIsNoFile()
{
    QCOMPARE(AtomicFile::writeFile(QString(), "x").result().error(), Error::InvalidPath);
    QCOMPARE(AtomicFile::writeFile(QStringLiteral("a\0b"), "x").result().error(),
             Error::InvalidPath);
    QCOMPARE(AtomicFile::writeFile(m_directory->path(), "x").result().error(), Error::IsDirectory);
    QCOMPARE(AtomicFile::writeFile(path(QString(256, QLatin1Char('n'))), "x").result().error(),
             Error::NameTooLong);
    QCOMPARE(AtomicFile::copyFile(m_directory->path(), path(QStringLiteral("c"))).result().error(),
             Error::IsDirectory);
    QVERIFY(entries().isEmpty());
}

void tst_AtomicFile::expectedVersion()
{
    AtomicFileOptions options;
    const QString file = path(QStringLiteral("file"));
    options.expectedVersion = AtomicFileVersion();
    const AtomicFileResult first = AtomicFile::writeFile(file, "first", options).result();
    QVERIFY(first);
    QCOMPARE(AtomicFile::writeFile(file, "second", options).result().error(), Error::Conflict);
    options.expectedVersion = first.version();
    QVERIFY(AtomicFile::writeFile(file, "third", options).result());
    const AtomicFileResult late = AtomicFile::writeFile(file, "fourth", options).result();
    QCOMPARE(late.error(), Error::Conflict);
    QCOMPARE(late.targetState(), State::Unchanged);
    QCOMPARE(content(QStringLiteral("file")), QByteArray("third"));
    const AtomicFileVersion now = AtomicFileVersion::of(file);
    QCOMPARE(AtomicFileVersion::fromString(now.toString()), std::optional(now));
    QVERIFY(!AtomicFileVersion::fromString(QStringLiteral("nonsense")));
}

void tst_AtomicFile::permissionsOfNewAndOld()
{
    const QString plain = path(QStringLiteral("plain"));
    put(QStringLiteral("plain"), "as QFile makes it");
    const QString ours = path(QStringLiteral("ours"));
    QVERIFY(AtomicFile::writeFile(ours, "x").result());
    QCOMPARE(QFile::permissions(ours), QFile::permissions(plain));

    const auto narrow = QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadGroup
        | QFileDevice::ReadUser | QFileDevice::WriteUser;
    AtomicFileOptions options;
    options.permissions = narrow;
    const QString set = path(QStringLiteral("set"));
    QVERIFY(AtomicFile::writeFile(set, "x", options).result());
    QCOMPARE(QFile::permissions(set), narrow);
    QVERIFY(AtomicFile::writeFile(set, "y").result());
    QCOMPARE(QFile::permissions(set), narrow);
    QVERIFY(AtomicFile::copyFile(set, path(QStringLiteral("copy"))).result());
    QCOMPARE(QFile::permissions(path(QStringLiteral("copy"))), narrow);
}

void tst_AtomicFile::readsContentAndVersion()
{
    const QString file = path(QStringLiteral("file"));
    const QByteArray bytes(2 * 1024 * 1024 + 3, 'r');
    const AtomicFileResult written = AtomicFile::writeFile(file, bytes).result();
    const AtomicFileContent read = AtomicFile::readFile(file).result();
    QVERIFY2(read.result, qPrintable(read.result.errorString()));
    QCOMPARE(read.bytes, bytes);
    QCOMPARE(read.version, written.version());
    const AtomicFileContent missing = AtomicFile::readFile(path(QStringLiteral("no"))).result();
    QCOMPARE(missing.result.error(), Error::NotFound);
    QVERIFY(missing.bytes.isEmpty());
    QVERIFY(missing.version.isNull());
}

void tst_AtomicFile::unsupportedOptionsTouchNothing_data()
{
    QTest::addColumn<AtomicFileOptions>("options");
    AtomicFileOptions options;
    options.hardLinks = AtomicFileOptions::HardLinks::WriteInPlace;
    QTest::newRow("hardLinks") << options;
    options = {};
    options.inPlace = AtomicFileOptions::InPlace::WhenReplaceImpossible;
    QTest::newRow("inPlace") << options;
    options = {};
    options.unchanged = AtomicFileOptions::Unchanged::Skip;
    QTest::newRow("unchanged") << options;
    options = {};
    options.backup.generations = 1;
    QTest::newRow("backup") << options;
}

void tst_AtomicFile::unsupportedOptionsTouchNothing()
{
    QFETCH(AtomicFileOptions, options);
    put(QStringLiteral("file"), "old");
    const auto result = AtomicFile::writeFile(path(QStringLiteral("file")), "new", options)
                            .result();
    QCOMPARE(result.error(), Error::Unsupported);
    QCOMPARE(result.step(), Step::Resolve);
    QCOMPARE(content(QStringLiteral("file")), QByteArray("old"));
    QCOMPARE(entries(), QStringList(QStringLiteral("file")));
}

void tst_AtomicFile::manyQueuedOperations()
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    QList<QFuture<AtomicFileResult>> futures;
    constexpr int count = 10000;
    for (int i = 0; i < count; ++i) {
        futures.append(
            AtomicFile::writeFile(path(QString::number(i % 100)), QByteArray::number(i), options));
    }
    QVERIFY(AtomicFile::waitForPending());
    for (const QFuture<AtomicFileResult> &future : futures) {
        QVERIFY(future.isFinished());
        QVERIFY(future.result());
    }
    for (int i = 0; i < 100; ++i)
        QCOMPARE(content(QString::number(i)), QByteArray::number(count - 100 + i));
    QCOMPARE(entries().size(), 100);
}

void tst_AtomicFile::orderOfOneTarget()
{
    // A read that is asked for between two writes sees the first of them.
    const QString file = path(QStringLiteral("file"));
    const QFuture<AtomicFileResult> first = AtomicFile::writeFile(file, "first");
    const QFuture<AtomicFileContent> between = AtomicFile::readFile(file);
    const QFuture<AtomicFileResult> second = AtomicFile::writeFile(file, "second");
    QCOMPARE(between.result().bytes, QByteArray("first"));
    QCOMPARE(between.result().version, first.result().version());
    QVERIFY(second.result());
}

void tst_AtomicFile::sweepTakesOnlyTheDead()
{
    put(QStringLiteral(".af-abcdefghijklmnop2345"), "left by a crash");
    put(QStringLiteral(".af-tooshort"), "not ours");
    put(QStringLiteral("document"), "not ours");
    AtomicFileDevice living(path(QStringLiteral("target")));
    QVERIFY(living.open(QIODevice::WriteOnly));
    QCOMPARE(living.write("content"), 7);
    QCOMPARE(AtomicFile::sweep(m_directory->path()).result(),
             QStringList(path(QStringLiteral(".af-abcdefghijklmnop2345"))));
    QVERIFY(living.commit());
    QCOMPARE(entries(),
             QStringList({QStringLiteral(".af-tooshort"), QStringLiteral("document"),
                          QStringLiteral("target")}));
}

QTEST_GUILESS_MAIN(tst_AtomicFile)
#include "tst_atomicfile.moc"
