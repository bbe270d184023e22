// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

/// What a program asked for is saved, however it ends.
class tst_Quitting : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingAcceptedIsLost_data();
    void nothingAcceptedIsLost();
};

void tst_Quitting::nothingAcceptedIsLost_data()
{
    QTest::addColumn<QString>("way");
    for (const char *way : {"return", "exit", "quit"})
        QTest::newRow(way) << QString::fromLatin1(way);
}

void tst_Quitting::nothingAcceptedIsLost()
{
    QFETCH(QString, way);
    constexpr int count = 50;
    const QTemporaryDir directory;
    const int status = QProcess::execute(QStringLiteral(ATOMICFILE_TEST_CHILD),
                                         {way, directory.path(), QString::number(count)});
    QCOMPARE(status, 0);
    for (int i = 0; i < count; ++i) {
        QFile file(directory.filePath(QString::number(i)));
        QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
        QCOMPARE(file.readAll(), QByteArray::number(i));
    }
    QCOMPARE(QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).size(), count);
}

QTEST_GUILESS_MAIN(tst_Quitting)
#include "tst_quitting.moc"
