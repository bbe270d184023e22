// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT

#include <AtomicFile/AtomicFile>

#include <QtCore/QDir>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QTemporaryDir>
#include <QtTest/QtTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace {

constexpr int contentSize = 64 * 1024;

AtomicFileOptions fast()
{
    AtomicFileOptions options;
    options.durability = AtomicFileOptions::Durability::None;
    return options;
}

/// True if all bytes are the same and there are as many as were written: one whole content.
bool isWhole(const QByteArray &bytes)
{
    return bytes.size() == contentSize && bytes.count(bytes.at(0)) == bytes.size();
}

QByteArray read(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly | QIODevice::Unbuffered) ? file.readAll() : QByteArray();
}

} // namespace

/// Readers and writers of one target at the same time, on each file system that is at hand.
class tst_Concurrency : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readersNeverSeeTornOrMissing_data() { addPlaces(); }
    void readersNeverSeeTornOrMissing();
    void writersOfSeveralThreads_data() { addPlaces(); }
    void writersOfSeveralThreads();
    void writersOfSeveralProcesses_data() { addPlaces(); }
    void writersOfSeveralProcesses();

private:
    void addPlaces();
};

void tst_Concurrency::addPlaces()
{
    QTest::addColumn<QString>("place");
    QTest::newRow("temporary directory") << QDir::tempPath();
    if (QFileInfo(QStringLiteral("/dev/shm")).isWritable())
        QTest::newRow("tmpfs") << QStringLiteral("/dev/shm");
}

void tst_Concurrency::readersNeverSeeTornOrMissing()
{
    QFETCH(QString, place);
    const QTemporaryDir directory(place + QStringLiteral("/atomicfile-XXXXXX"));
    const QString path = directory.filePath(QStringLiteral("file"));
    QVERIFY(AtomicFile::writeFile(path, QByteArray(contentSize, 'a'), fast()).result());

    std::atomic<bool> stop = false;
    std::atomic<int> wrong = 0;
    std::atomic<int> reads = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 2; ++i) {
        readers.emplace_back([&] {
            do {
                if (!isWhole(read(path)))
                    ++wrong;
                ++reads;
            } while (!stop);
        });
    }
    bool ok = true;
    for (int i = 0; i < 3000 && ok; ++i)
        ok = bool(AtomicFile::writeFile(path, QByteArray(contentSize, char('a' + i % 26)), fast())
                      .result());
    stop = true;
    for (std::thread &reader : readers)
        reader.join();
    QVERIFY(ok);
    QVERIFY(reads > 0);
    QCOMPARE(wrong.load(), 0);
}

void tst_Concurrency::writersOfSeveralThreads()
{
    QFETCH(QString, place);
    const QTemporaryDir directory(place + QStringLiteral("/atomicfile-XXXXXX"));
    const QString path = directory.filePath(QStringLiteral("file"));
    std::atomic<int> failures = 0;
    std::vector<std::thread> writers;
    for (int i = 0; i < 4; ++i) {
        writers.emplace_back([&, i] {
            for (int n = 0; n < 100; ++n) {
                const QByteArray content(contentSize, char('a' + i));
                if (!AtomicFile::writeFile(path, content, fast()).result())
                    ++failures;
            }
        });
    }
    for (std::thread &writer : writers)
        writer.join();
    QCOMPARE(failures.load(), 0);
    QVERIFY(isWhole(read(path)));
    QCOMPARE(QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void tst_Concurrency::writersOfSeveralProcesses()
{
    QFETCH(QString, place);
    const QTemporaryDir directory(place + QStringLiteral("/atomicfile-XXXXXX"));
    const QString path = directory.filePath(QStringLiteral("file"));
    std::vector<std::unique_ptr<QProcess>> writers;
    for (const char letter : {'a', 'b', 'c'}) {
        writers.push_back(std::make_unique<QProcess>());
        writers.back()->start(QStringLiteral(ATOMICFILE_TEST_CHILD),
                              {QStringLiteral("write"), path, QString(QLatin1Char(letter)),
                               QString::number(contentSize), QStringLiteral("300")});
    }
    // A sweep meanwhile must not hurt the living. (It may take a staged file in the instant before
    // it is locked; the writer notices and makes another.)
    for (const auto &writer : writers) {
        QVERIFY(writer->waitForStarted());
        while (!writer->waitForFinished(1))
            AtomicFile::sweep(directory.path()).waitForFinished();
        QCOMPARE(writer->exitStatus(), QProcess::NormalExit);
        QCOMPARE(writer->exitCode(), 0);
    }
    QVERIFY(isWhole(read(path)));
    QCOMPARE(QDir(directory.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

QTEST_GUILESS_MAIN(tst_Concurrency)
#include "tst_concurrency.moc"
