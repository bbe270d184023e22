// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

#include <AtomicFile/AtomicFile>

#include <QtCore/QFile>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

/// The values of the API, and the sentences that a person reads.
class tst_Result : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void defaults();
    void optionsAreAnAggregate();
    void enumsHaveNames();
    void copiesAreIndependent();
    void sentenceSaysFileReasonAndState();
    void debugOutput();
};

void tst_Result::defaults()
{
    const AtomicFileResult result;
    QVERIFY(result);
    QCOMPARE(result.targetState(), State::Unchanged);
    QVERIFY(result.errorString().isEmpty());
    QVERIFY(result.version().isNull());
    QVERIFY(AtomicFileVersion().isNull());
    QCOMPARE(AtomicFileVersion::fromString(AtomicFileVersion().toString()),
             std::optional(AtomicFileVersion()));
}

void tst_Result::optionsAreAnAggregate()
{
    static_assert(std::is_aggregate_v<AtomicFileOptions>);
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    QCOMPARE(options.durability, AtomicFileOptions::Durability::None);
    QCOMPARE(options.existing, AtomicFileOptions::Existing::Replace);
    QCOMPARE(options.busyTimeout, std::chrono::milliseconds(2000));
}

void tst_Result::enumsHaveNames()
{
    QCOMPARE(QMetaEnum::fromType<AtomicFileResult::Error>().keyCount(), 19);
    QCOMPARE(QMetaEnum::fromType<AtomicFileResult::Step>().keyCount(), 11);
    QCOMPARE(QMetaEnum::fromType<AtomicFileResult::TargetState>().keyCount(), 4);
    QCOMPARE(QByteArray(QMetaEnum::fromType<AtomicFileOptions::Durability>().valueToKey(2)),
             QByteArray("Durable"));
}

void tst_Result::copiesAreIndependent()
{
    const QTemporaryDir directory;
    AtomicFileResult a = AtomicFile::writeFile(directory.filePath(QStringLiteral("f")), "x")
                             .result();
    const AtomicFileResult b = a;
    a = AtomicFileResult();
    QVERIFY(a.fileName().isEmpty());
    QCOMPARE(b.fileName(), directory.filePath(QStringLiteral("f")));
    QCOMPARE(QVariant::fromValue(b).value<AtomicFileResult>().fileName(), b.fileName());
}

void tst_Result::sentenceSaysFileReasonAndState()
{
    const QTemporaryDir directory;
    const QString missing = directory.filePath(QStringLiteral("no/file"));
    const AtomicFileResult result = AtomicFile::writeFile(missing, "x").result();
    QCOMPARE(result.error(), Error::NotFound);
    QVERIFY(result.nativeError() != 0);
    const QString text = result.errorString();
    QVERIFY2(text.contains(directory.filePath(QStringLiteral("no"))), qPrintable(text));
    QVERIFY2(text.contains(QLatin1String("unchanged")), qPrintable(text));
    QVERIFY2(text.contains(qt_error_string(result.nativeError())), qPrintable(text));
    QVERIFY2(text.endsWith(QLatin1Char('.')), qPrintable(text));
    QVERIFY2(!text.contains(QLatin1Char('\n')), qPrintable(text));
}

void tst_Result::debugOutput()
{
    QString text;
    QDebug(&text) << AtomicFileResult() << AtomicFileVersion();
    QVERIFY2(text.contains(QLatin1String("Unchanged")), qPrintable(text));
    QVERIFY2(text.contains(QLatin1String("none")), qPrintable(text));
}

QTEST_GUILESS_MAIN(tst_Result)
#include "tst_result.moc"
