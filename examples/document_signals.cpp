// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A document that saves itself and tells its window how it went: the signals arrive in the document's
// own thread, and finished comes exactly once for each save.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

class Document : public QObject
{
    Q_OBJECT

public:
    explicit Document(const QString &fileName) : m_file(fileName)
    {
        connect(&m_file, &AtomicFile::errorOccurred, this, &Document::showError);
        connect(&m_file, &AtomicFile::finished, this, &Document::saveFinished);
    }

    void setText(const QString &text) { m_text = text; }

    void save() { m_file.writeText(m_text); }

Q_SIGNALS:
    void saved();
    void saveFailed(const QString &message);

private:
    void showError(const AtomicFileResult &result) { Q_EMIT saveFailed(result.errorString()); }

    void saveFinished(const AtomicFileResult &result)
    {
        if (result)
            Q_EMIT saved();
    }

    AtomicFile m_file;
    QString m_text;
};

/// Saves once and returns what the document said: an empty text, or the reason of the failure.
QString saveAndWait(Document &document)
{
    QString message;
    QEventLoop loop;
    QObject::connect(&document, &Document::saved, &loop, &QEventLoop::quit);
    QObject::connect(&document, &Document::saveFailed, &loop, [&](const QString &text) {
        message = text;
        loop.quit();
    });
    document.save();
    loop.exec();
    return message;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;

    Document document(scratch.filePath(QStringLiteral("letter.txt")));
    document.setText(QStringLiteral("Dear reader"));
    const QString message = saveAndWait(document);
    if (!message.isEmpty()) {
        errors << message << '\n';
        return 1;
    }

    Document homeless(scratch.filePath(QStringLiteral("no such folder/letter.txt")));
    if (saveAndWait(homeless).isEmpty()) {
        errors << "Saving into a folder that does not exist did not fail\n";
        return 1;
    }
    return 0;
}

#include "document_signals.moc"
