// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/AtomicFileContent>
#include <AtomicFile/AtomicFileOptions>
#include <AtomicFile/AtomicFileResult>
#include <AtomicFile/AtomicFileVersion>

#include <QtCore/QDebug>
#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QTest>

#include <limits>

class TestValues : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void optionsAreAnAggregateWithDefaults();
    void aFreshResultIsASuccess();
    void lossesAreDistinctBits();
    void aNullVersionMeansNoFile();
    void versionsDifferWhenFilesDo();
    void versionsSurviveBeingText();
    void otherTextIsNoVersion_data();
    void otherTextIsNoVersion();
    void valuesTravelAsVariants();

private:
    static void put(const QString &path, const QByteArray &bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QTemporaryDir m_scratch;
};

void TestValues::optionsAreAnAggregateWithDefaults()
{
    const AtomicFileOptions options{};
    QCOMPARE(options.durability, AtomicFileOptions::Durability::Durable);
    QCOMPARE(options.existing, AtomicFileOptions::Existing::Replace);
    QCOMPARE(options.symlinks, AtomicFileOptions::Symlinks::Follow);
    QCOMPARE(options.hardLinks, AtomicFileOptions::HardLinks::Break);
    QCOMPARE(options.metadata, AtomicFileOptions::Metadata::Preserve);
    QCOMPARE(options.inPlace, AtomicFileOptions::InPlace::Never);
    QCOMPARE(options.unchanged, AtomicFileOptions::Unchanged::Rewrite);
    QCOMPARE(options.backup.generations, 0);
    QVERIFY(options.backup.suffix.isEmpty());
    QVERIFY(!options.expectedVersion);
    QVERIFY(!options.permissions);
    QVERIFY(options.busyTimeout == std::chrono::seconds(2));
    const AtomicFileOptions unsynced{AtomicFileOptions::Durability::None};
    QCOMPARE(unsynced.durability, AtomicFileOptions::Durability::None);
}

void TestValues::aFreshResultIsASuccess()
{
    const AtomicFileResult result;
    QVERIFY(result);
    QCOMPARE(result.error(), AtomicFileResult::Error::None);
    QCOMPARE(result.step(), AtomicFileResult::Step::None);
    QCOMPARE(result.targetState(), AtomicFileResult::TargetState::Unchanged);
    QCOMPARE(result.losses(), AtomicFileResult::NoLoss);
    QCOMPARE(result.nativeError(), 0);
    QCOMPARE(result.bytesWritten(), 0);
    QCOMPARE(result.attempts(), 0);
    QVERIFY(result.version().isNull());
    QVERIFY(result.backupFileName().isEmpty() && result.retainedFiles().isEmpty());
    AtomicFileResult copy = result;
    AtomicFileResult other;
    other = copy;
    copy = std::move(other);
    QVERIFY(copy);
    QString text;
    QDebug(&text) << copy << AtomicFileVersion();
    QVERIFY2(text.contains(QStringLiteral("AtomicFileResult(")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("AtomicFileVersion(none)")), qPrintable(text));
}

void TestValues::lossesAreDistinctBits()
{
    AtomicFileResult::Losses losses = AtomicFileResult::Owner | AtomicFileResult::Permissions;
    losses |= AtomicFileResult::AccessControlList;
    losses |= AtomicFileResult::ExtendedAttributes;
    losses |= AtomicFileResult::Timestamps;
    losses |= AtomicFileResult::Atomicity;
    losses |= AtomicFileResult::Durability;
    QCOMPARE(losses.toInt(), 127);
}

void TestValues::aNullVersionMeansNoFile()
{
    QVERIFY(AtomicFileVersion().isNull());
    const auto missing = AtomicFileVersion::of(m_scratch.filePath(QStringLiteral("missing")));
    QVERIFY(missing.isNull());
    QVERIFY(missing == AtomicFileVersion());
    QVERIFY(AtomicFileVersion::of(m_scratch.path()).isNull()); // a directory
}

void TestValues::versionsDifferWhenFilesDo()
{
    const QString path = m_scratch.filePath(QStringLiteral("file"));
    put(path, "old");
    const auto old = AtomicFileVersion::of(path);
    QVERIFY(!old.isNull());
    QVERIFY(old == AtomicFileVersion::of(path));
    put(path, "longer");
    QVERIFY(old != AtomicFileVersion::of(path));
}

void TestValues::versionsSurviveBeingText()
{
    const QString path = m_scratch.filePath(QStringLiteral("text"));
    put(path, "content");
    const AtomicFileVersion versions[] = {{}, AtomicFileVersion::of(path)};
    for (const AtomicFileVersion &version : versions) {
        const auto read = AtomicFileVersion::fromString(version.toString());
        QVERIFY(read);
        QVERIFY(*read == version);
    }
}

void TestValues::otherTextIsNoVersion_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("word") << QStringLiteral("version");
    QTest::newRow("too short") << QStringLiteral("v1-0-1");
    QTest::newRow("too long") << QStringLiteral("v1-0-1-2-3-4");
    QTest::newRow("not a number") << QStringLiteral("v1-0-1-2-x");
    QTest::newRow("not ASCII") << QString::fromUtf8("v1-0-1-2-3\u00e9");
}

void TestValues::otherTextIsNoVersion()
{
    QFETCH(const QString, text);
    QVERIFY(!AtomicFileVersion::fromString(text));
}

void TestValues::valuesTravelAsVariants()
{
    QVERIFY(QVariant::fromValue(AtomicFileOptions()).canConvert<AtomicFileOptions>());
    QVERIFY(QVariant::fromValue(AtomicFileResult()).value<AtomicFileResult>());
    QVERIFY(QVariant::fromValue(AtomicFileVersion()).value<AtomicFileVersion>().isNull());
    QVERIFY(QVariant::fromValue(AtomicFileContent()).value<AtomicFileContent>().bytes.isEmpty());
    QString text;
    QDebug(&text) << AtomicFileResult::Error::NoSpace << AtomicFileOptions::Durability::Durable;
    QVERIFY2(text.contains(QStringLiteral("NoSpace")) && text.contains(QStringLiteral("Durable")),
             qPrintable(text));
}

QTEST_GUILESS_MAIN(TestValues)
#include "tst_values.moc"
