// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "conversion_p.h"

#include <QtCore/QMetaEnum>
#include <QtTest/QTest>

#include <cerrno>

using Error = AtomicFileResult::Error;
using Step = AtomicFileResult::Step;
using State = AtomicFileResult::TargetState;

/// Every sentence that a person may come to read. It prints them for whoever wants to read them.
class TestErrorText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhatHappened_data();
    void tellsWhatHappened();
    void namesWhatIsLeftBehind();
    void namesBothFilesOfADisplacedTarget();
    void namesTheSourceThatFailed();
    void isEmptyOnSuccess();

private:
    static QString textOf(Error error, Step step, State state)
    {
        AtomicFileResultData data;
        data.error = error;
        data.step = step;
        data.state = state;
        data.fileName = QStringLiteral("/home/me/letter.txt");
        data.nativeError = EIO;
        return atomicFileErrorText(data);
    }
};

void TestErrorText::tellsWhatHappened_data()
{
    QTest::addColumn<Error>("error");
    QTest::addColumn<Step>("step");
    const QMetaEnum errors = QMetaEnum::fromType<Error>();
    const QMetaEnum steps = QMetaEnum::fromType<Step>();
    QCOMPARE(errors.keyCount(), int(Error::Unknown) + 1);
    QCOMPARE(steps.keyCount(), int(Step::RemoveSource) + 1);
    for (int error = 1; error < errors.keyCount(); ++error) {
        for (int step = 0; step < steps.keyCount(); ++step)
            QTest::addRow("%s at %s", errors.key(error), steps.key(step))
                << Error(error) << Step(step);
    }
}

void TestErrorText::tellsWhatHappened()
{
    QFETCH(const Error, error);
    QFETCH(const Step, step);
    const QString system = qt_error_string(EIO);
    const QMetaEnum states = QMetaEnum::fromType<State>();
    for (int i = 0; i < states.keyCount(); ++i) {
        const QString text = textOf(error, step, State(i));
        QVERIFY2(text.contains(QStringLiteral("/home/me/letter.txt")), qPrintable(text));
        QVERIFY2(text.contains(system), qPrintable(text));
        QVERIFY2(text.endsWith(QLatin1Char('.')) && !text.contains(QStringLiteral(". ")),
                 qPrintable(text));
        QVERIFY2(!text.contains(QLatin1Char('%')) && !text.contains(QLatin1Char('\n')),
                 qPrintable(text));
        QVERIFY2(text.front().isUpper(), qPrintable(text));
        QCOMPARE(text.contains(QStringLiteral("unchanged")), State(i) == State::Unchanged);
        QCOMPARE(text.contains(QStringLiteral("was replaced")),
                 State(i) == State::Replaced || State(i) == State::ReplacedNotDurable);
        QCOMPARE(text.contains(QStringLiteral("may bring the old one back")),
                 State(i) == State::ReplacedNotDurable);
        QCOMPARE(text.contains(QStringLiteral("is missing")), State(i) == State::Displaced);
    }
    qInfo().noquote() << textOf(error, step, State::Unchanged);
}

void TestErrorText::namesWhatIsLeftBehind()
{
    AtomicFileResultData data;
    data.error = Error::NoSpace;
    data.step = Step::Write;
    data.fileName = QStringLiteral("/target");
    data.retained = QStringList{QStringLiteral("/.af-0123")};
    const QString text = atomicFileErrorText(data);
    QVERIFY2(text.contains(QStringLiteral("/.af-0123")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("unchanged")), qPrintable(text));
}

void TestErrorText::namesBothFilesOfADisplacedTarget()
{
    AtomicFileResultData data;
    data.error = Error::Busy;
    data.step = Step::Publish;
    data.state = State::Displaced;
    data.fileName = QStringLiteral("/target");
    data.retained = QStringList{QStringLiteral("/old"), QStringLiteral("/new")};
    const QString text = atomicFileErrorText(data);
    QVERIFY2(text.contains(QStringLiteral("/old")) && text.contains(QStringLiteral("/new")),
             qPrintable(text));
}

void TestErrorText::namesTheSourceThatFailed()
{
    AtomicFileResultData data;
    data.error = Error::NotFound;
    data.step = Step::Inspect;
    data.failedPath = QStringLiteral("/source");
    data.fileName = QStringLiteral("/target");
    const QString text = atomicFileErrorText(data);
    QVERIFY2(text.contains(QStringLiteral("“/source” could not")), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("“/target” is unchanged")), qPrintable(text));
}

void TestErrorText::isEmptyOnSuccess() { QVERIFY(AtomicFileResult().errorString().isEmpty()); }

QTEST_GUILESS_MAIN(TestErrorText)
#include "tst_errortext.moc"
