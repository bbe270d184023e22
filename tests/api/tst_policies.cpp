// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// What options keep: the old file as a backup, the target where it has the content already, another
// program's work where another version was expected; all names of a file.
#include "support/files.h"

#include <AtomicFile/AtomicFile>

#include <QtTest>

#include <filesystem>
#include <system_error>

using Error = AtomicFileResult::Error;
using Step = AtomicFileResult::Step;
using TargetState = AtomicFileResult::TargetState;
using Options = AtomicFileOptions;

class TestPolicies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void backups_data();
    void backups();
    void fillsGaps();
    void refusesBackups_data();
    void refusesBackups();
    void backupsBarTheWay();
    void skipsWhatIsThere();
    void skipsStreams();
    void expectsVersions();
    void expectsNothing();
    void writesIntoHardLinks_data();
    void writesIntoHardLinks();

private:
    QString at(const QString &name) const { return m_directory->filePath(name); }
    QStringList names() const { return namesIn(m_directory->path()); }
    AtomicFileResult write(const QByteArray &bytes, const Options &options = {}) const
    {
        return AtomicFile::writeFile(at(QStringLiteral("file")), bytes, options).result();
    }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestPolicies::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QVERIFY(m_directory->isValid());
    // Where the old content of what is overwritten is kept.
    for (const char *const variable : {"XDG_STATE_HOME", "HOME", "LOCALAPPDATA"})
        qputenv(variable, QFile::encodeName(at(QStringLiteral("state"))));
}

void TestPolicies::backups_data()
{
    QTest::addColumn<int>("generations");
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<QStringList>("kept"); // youngest first
    const auto names = [](const char *text) { return QString::fromLatin1(text).split(u' '); };
    QTest::newRow("one") << 1 << QString() << names("file~");
    QTest::newRow("three") << 3 << QString() << names("file.~1~ file.~2~ file.~3~");
    QTest::newRow("one, suffix") << 1 << QStringLiteral(".bak") << names("file.bak");
    QTest::newRow("two, suffix") << 2 << QStringLiteral(".bak") << names("file.bak.1 file.bak.2");
}

void TestPolicies::backups()
{
    QFETCH(const int, generations);
    QFETCH(const QString, suffix);
    QFETCH(const QStringList, kept);
    Options options;
    options.backup.generations = generations;
    options.backup.suffix = suffix;
    const AtomicFileResult first = write("0", options);
    QVERIFY2(first, qPrintable(first.errorString()));
    QVERIFY(first.backupFileName().isEmpty());
    constexpr int saves = 5;
    for (int i = 1; i <= saves; ++i) {
        const AtomicFileResult result = write(QByteArray::number(i), options);
        QVERIFY2(result, qPrintable(result.errorString()));
        QCOMPARE(QFileInfo(result.backupFileName()).fileName(), kept.front());
    }
    QStringList expected = kept;
    expected.append(QStringLiteral("file"));
    expected.sort();
    QStringList found = names();
    found.sort();
    QCOMPARE(found, expected);
    QCOMPARE(contentOf(at(QStringLiteral("file"))), QByteArray::number(saves));
    for (qsizetype i = 0; i < kept.size(); ++i)
        QCOMPARE(contentOf(at(kept[i])), QByteArray::number(saves - 1 - i));
}

/// A generation that is missing takes the next one in, and the older ones stay.
void TestPolicies::fillsGaps()
{
    QVERIFY(write("1"));
    QVERIFY(QFile::copy(at(QStringLiteral("file")), at(QStringLiteral("file.~3~"))));
    Options options;
    options.backup.generations = 3;
    QVERIFY(write("2", options));
    QVERIFY(write("3", options));
    QVERIFY(write("4", options));
    QCOMPARE(contentOf(at(QStringLiteral("file.~1~"))), QByteArray("3"));
    QCOMPARE(contentOf(at(QStringLiteral("file.~2~"))), QByteArray("2"));
    QCOMPARE(contentOf(at(QStringLiteral("file.~3~"))), QByteArray("1"));
}

void TestPolicies::refusesBackups_data()
{
    QTest::addColumn<int>("generations");
    QTest::addColumn<QString>("suffix");
    QTest::addColumn<Error>("error");
    QTest::newRow("fewer than none") << -1 << QString() << Error::InvalidPath;
    QTest::newRow("suffix with separator") << 1 << QStringLiteral("/x") << Error::InvalidPath;
    QTest::newRow("suffix that leads elsewhere")
        << 2 << QStringLiteral("/../x") << Error::InvalidPath;
    QTest::newRow("long suffix") << 1 << QString(300, u'x') << Error::NameTooLong;
}

void TestPolicies::refusesBackups()
{
    QFETCH(const int, generations);
    QFETCH(const QString, suffix);
    QVERIFY(write("old"));
    Options options;
    options.backup.generations = generations;
    options.backup.suffix = suffix;
    const AtomicFileResult result = write("new", options);
    QTEST(result.error(), "error");
    QCOMPARE(result.step(), Step::Backup);
    QCOMPARE(result.targetState(), TargetState::Unchanged);
    QCOMPARE(contentOf(at(QStringLiteral("file"))), QByteArray("old"));
    QCOMPARE(names(), QStringList{QStringLiteral("file")});
}

void TestPolicies::backupsBarTheWay()
{
    QVERIFY(write("old"));
    QVERIFY(QDir().mkdir(at(QStringLiteral("file~"))));
    Options options;
    options.backup.generations = 1;
    const AtomicFileResult result = write("new", options);
    QVERIFY(!result);
    QCOMPARE(result.step(), Step::Backup);
    QCOMPARE(result.targetState(), TargetState::Unchanged);
    QCOMPARE(contentOf(at(QStringLiteral("file"))), QByteArray("old"));
    QCOMPARE(names().size(), 2);
}

void TestPolicies::skipsWhatIsThere()
{
    const AtomicFileResult first = write("content");
    QVERIFY(first);
    Options options;
    options.unchanged = Options::Unchanged::Skip;
    options.backup.generations = 1;
    const AtomicFileResult same = write("content", options);
    QVERIFY2(same, qPrintable(same.errorString()));
    QCOMPARE(same.targetState(), TargetState::Unchanged);
    QCOMPARE(same.version(), first.version());
    QCOMPARE(AtomicFileVersion::of(at(QStringLiteral("file"))), first.version());
    QCOMPARE(names(), QStringList{QStringLiteral("file")});
    const AtomicFileResult other = write("CONTENT", options);
    QVERIFY(other);
    QCOMPARE(other.targetState(), TargetState::Replaced);
    QCOMPARE(contentOf(at(QStringLiteral("file"))), QByteArray("CONTENT"));
    options.expectedVersion = first.version();
    QCOMPARE(write("CONTENT", options).error(), Error::Conflict);
}

void TestPolicies::skipsStreams()
{
    const QByteArray content(600'000, 'x');
    const AtomicFileResult first = write(content);
    QVERIFY(first);
    Options options;
    options.unchanged = Options::Unchanged::Skip;
    for (const bool changed : {false, true}) {
        AtomicFileDevice device(at(QStringLiteral("file")));
        device.setOptions(options);
        QVERIFY(device.open(QIODevice::WriteOnly));
        QCOMPARE(device.write(content), content.size());
        if (changed) {
            QVERIFY(device.seek(content.size() - 1));
            QVERIFY(device.putChar('y'));
        }
        QVERIFY2(device.commit(), qPrintable(device.errorString()));
        QCOMPARE(device.result().targetState(),
                 changed ? TargetState::Replaced : TargetState::Unchanged);
        QCOMPARE(device.result().version() == first.version(), !changed);
        QCOMPARE(names(), QStringList{QStringLiteral("file")});
    }
}

void TestPolicies::expectsVersions()
{
    const AtomicFileResult first = write("first");
    QVERIFY(first);
    Options options;
    options.expectedVersion = first.version();
    const AtomicFileResult second = write("second", options);
    QVERIFY2(second, qPrintable(second.errorString()));
    const AtomicFileResult third = write("third", options);
    QCOMPARE(third.error(), Error::Conflict);
    QCOMPARE(contentOf(at(QStringLiteral("file"))), QByteArray("second"));
    QCOMPARE(names(), QStringList{QStringLiteral("file")});
}

void TestPolicies::expectsNothing()
{
    Options options;
    options.expectedVersion = AtomicFileVersion();
    QVERIFY(write("first", options));
    QCOMPARE(write("second", options).error(), Error::Conflict);
    QCOMPARE(contentOf(at(QStringLiteral("file"))), QByteArray("first"));
}

void TestPolicies::writesIntoHardLinks_data()
{
    QTest::addColumn<bool>("streams");
    QTest::newRow("AtomicFile") << false;
    QTest::newRow("AtomicFileDevice") << true;
}

void TestPolicies::writesIntoHardLinks()
{
    QFETCH(const bool, streams);
    const QString target = at(QStringLiteral("file"));
    const QString other = at(QStringLiteral("other"));
    QVERIFY(putContent(target, "what was there before"));
    std::error_code error;
    std::filesystem::create_hard_link(target.toStdU16String(), other.toStdU16String(), error);
    QVERIFY(!error);
    Options options;
    options.hardLinks = Options::HardLinks::WriteInPlace;
    options.backup.generations = 1;
    AtomicFileResult result;
    if (streams) {
        AtomicFileDevice device(target);
        device.setOptions(options);
        QVERIFY2(device.open(QIODevice::WriteOnly), qPrintable(device.errorString()));
        QCOMPARE(device.write("new"), 3);
        (void)device.commit(); // The result tells.
        result = device.result();
    } else {
        result = write("new", options);
    }
    QVERIFY2(result, qPrintable(result.errorString()));
    QCOMPARE(result.losses(), AtomicFileResult::Losses(AtomicFileResult::Atomicity));
    QCOMPARE(result.targetState(), TargetState::Replaced);
    QCOMPARE(contentOf(target), QByteArray("new"));
    QCOMPARE(contentOf(other), QByteArray("new"));
    QCOMPARE(contentOf(result.backupFileName()), QByteArray("what was there before"));
    QVERIFY(result.version() == AtomicFileVersion::of(target));
    QVERIFY(result.retainedFiles().isEmpty());
    QStringList left = names();
    left.removeOne(QStringLiteral("state")); // On Windows the old content is kept there.
    QCOMPARE(
        left,
        QStringList({QStringLiteral("file"), QStringLiteral("file~"), QStringLiteral("other")}));
}

QTEST_GUILESS_MAIN(TestPolicies)
#include "tst_policies.moc"
