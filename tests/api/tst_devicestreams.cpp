// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "support/files.h"

#include <AtomicFile/AtomicFile>

#include <QtCore/QDataStream>
#include <QtCore/QFile>
#include <QtCore/QJsonDocument>
#include <QtCore/QJsonObject>
#include <QtCore/QTemporaryDir>
#include <QtCore/QTextStream>
#include <QtCore/QXmlStreamReader>
#include <QtCore/QXmlStreamWriter>
#include <QtTest/QTest>

#include <limits>
#include <memory>

using Error = AtomicFileResult::Error;
using State = AtomicFileResult::TargetState;

/// What Qt puts on top of a device: text, data, XML, JSON.
class TestDeviceStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void worksUnderATextStream();
    void takesWhatAStreamStillHolds_data();
    void takesWhatAStreamStillHolds();
    void discardsWhatAStreamStillHolds_data();
    void discardsWhatAStreamStillHolds();
    void cancelsWhatAStreamStillHolds();
    void failsWithWhatAStreamStillHolds_data();
    void failsWithWhatAStreamStillHolds();
    void worksUnderADataStream();
    void worksUnderAnXmlWriter();
    void takesAJsonDocument();
    void readsThroughStreams();

private:
    QString at(const char *name) const { return m_scratch->filePath(QString::fromUtf8(name)); }
    QStringList entries() const { return namesIn(m_scratch->path()); }

    std::unique_ptr<QTemporaryDir> m_scratch;
};

void TestDeviceStreams::init()
{
    m_scratch = std::make_unique<QTemporaryDir>();
    QVERIFY(m_scratch->isValid());
}

void TestDeviceStreams::worksUnderATextStream()
{
    AtomicFileDevice device(at("file"));
    QFile plain(at("plain")); // has the ends of lines that this system likes
    for (QIODevice *const to :
         {static_cast<QIODevice *>(&device), static_cast<QIODevice *>(&plain)}) {
        QVERIFY(to->open(QIODevice::WriteOnly | QIODevice::Text));
        QTextStream(to) << "line " << 1 << Qt::endl << QString::fromUtf8("\u20ac");
    }
    plain.close();
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), contentOf(at("plain")));
    QVERIFY(contentOf(at("file")).startsWith("line 1"));
}

void TestDeviceStreams::takesWhatAStreamStillHolds_data()
{
    QTest::addColumn<bool>("async");
    QTest::addColumn<int>("length");
    for (const bool async : {false, true}) {
        const char *const call = async ? "commitAsync" : "commit";
        QTest::addRow("%s, nothing", call) << async << 0;
        QTest::addRow("%s, a little", call) << async << 7;
        // Beyond what the text stream holds, and what the device does.
        QTest::addRow("%s, much", call) << async << 1'000'001;
    }
}

/// As with QSaveFile, nobody has to flush or destroy the text stream first.
void TestDeviceStreams::takesWhatAStreamStillHolds()
{
    QFETCH(const bool, async);
    QFETCH(const int, length);
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QTextStream out(&device);
    for (int i = 0; i < length; ++i)
        out << QLatin1Char('x');
    const AtomicFileResult result = async ? device.commitAsync().result()
                                          : (device.commit(), device.result());
    QVERIFY2(result, qPrintable(result.errorString()));
    QVERIFY(!device.isOpen());
    QCOMPARE(out.status(), QTextStream::Ok);
    QCOMPARE(result.bytesWritten(), length);
    QCOMPARE(contentOf(at("file")), QByteArray(length, 'x'));
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
}

void TestDeviceStreams::discardsWhatAStreamStillHolds_data()
{
    QTest::addColumn<bool>("close");
    QTest::newRow("closed") << true;
    QTest::newRow("destroyed") << false;
}

void TestDeviceStreams::discardsWhatAStreamStillHolds()
{
    QFETCH(const bool, close);
    QVERIFY(putContent(at("file"), "old"));
    auto device = std::make_unique<AtomicFileDevice>(at("file"));
    QVERIFY(device->open(QIODevice::WriteOnly));
    QTextStream out(device.get());
    out << "new";
    if (close) {
        device->close();
        QVERIFY(!device->isOpen());
        QCOMPARE(device->result().error(), Error::None);
        QCOMPARE(device->size(), 0);
    } else {
        device.reset();
    }
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestDeviceStreams::cancelsWhatAStreamStillHolds()
{
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QTextStream out(&device);
    out << "new";
    device.cancelWriting();
    out << "more";
    QVERIFY(!device.commit());
    QCOMPARE(out.status(), QTextStream::WriteFailed);
    QCOMPARE(device.result().error(), Error::Cancelled);
    QCOMPARE(device.result().targetState(), State::Unchanged);
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestDeviceStreams::failsWithWhatAStreamStillHolds_data()
{
    QTest::addColumn<bool>("async");
    QTest::newRow("commit") << false;
    QTest::newRow("commitAsync") << true;
}

/// No file may be as long as this one would have to be, wherever the test runs.
void TestDeviceStreams::failsWithWhatAStreamStillHolds()
{
    QFETCH(const bool, async);
    QVERIFY(putContent(at("file"), "old"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write("start"), 5);
    QVERIFY(device.seek(std::numeric_limits<qint64>::max()));
    QTextStream out(&device);
    out << "end";
    const AtomicFileResult result = async ? device.commitAsync().result()
                                          : (device.commit(), device.result());
    QCOMPARE(result.error(), Error::FileTooLarge);
    QCOMPARE(result.step(), AtomicFileResult::Step::Write);
    QCOMPARE(result.targetState(), State::Unchanged);
    QCOMPARE(device.error(), QFileDevice::WriteError);
    QCOMPARE(device.errorString(), result.errorString());
    QCOMPARE(out.status(), QTextStream::WriteFailed);
    QVERIFY(!device.isOpen());
    QCOMPARE(entries(), QStringList{QStringLiteral("file")});
    QCOMPARE(contentOf(at("file")), QByteArray("old"));
}

void TestDeviceStreams::worksUnderADataStream()
{
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QDataStream out(&device);
    out << quint32(0x01020304) << quint8(5);
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("\1\2\3\4\5"));
}

void TestDeviceStreams::worksUnderAnXmlWriter()
{
#if !QT_CONFIG(xmlstreamreader) || !QT_CONFIG(xmlstreamwriter)
    QSKIP("This Qt was built without XML streams.");
#else
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QXmlStreamWriter xml(&device);
    xml.writeStartDocument();
    xml.writeTextElement(QStringLiteral("title"), QStringLiteral("<\u20ac>"));
    xml.writeEndDocument();
    QVERIFY(!xml.hasError());
    QVERIFY(device.commit());
    QXmlStreamReader reader(contentOf(at("file")));
    QVERIFY(reader.readNextStartElement());
    QCOMPARE(reader.readElementText(), QStringLiteral("<\u20ac>"));
#endif
}

void TestDeviceStreams::takesAJsonDocument()
{
    const QJsonDocument document(QJsonObject{{QStringLiteral("answer"), 42}});
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::WriteOnly));
    QCOMPARE(device.write(document.toJson()), document.toJson().size());
    QVERIFY(device.commit());
    QCOMPARE(QJsonDocument::fromJson(contentOf(at("file"))), document);
}

/// One stream reads what the file holds, another one goes on where it ends.
void TestDeviceStreams::readsThroughStreams()
{
    QVERIFY(putContent(at("file"), "first\nsecond\n"));
    AtomicFileDevice device(at("file"));
    QVERIFY(device.open(QIODevice::ReadWrite | QIODevice::Text));
    QTextStream text(&device);
    QCOMPARE(text.readLine(), QStringLiteral("first"));
    QCOMPARE(text.readLine(), QStringLiteral("second"));
    QVERIFY(text.atEnd());
    QDataStream data(&device);
    QVERIFY(device.seek(device.size()));
    data << quint8('!');
    QVERIFY(device.seek(0));
    quint8 letter = 0;
    data >> letter;
    QCOMPARE(letter, quint8('f'));
    QVERIFY(device.commit());
    QCOMPARE(contentOf(at("file")), QByteArray("first\nsecond\n!"));
}

QTEST_GUILESS_MAIN(TestDeviceStreams)
#include "tst_devicestreams.moc"
