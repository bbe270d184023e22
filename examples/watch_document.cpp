// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A document that notices when another program changes its file, and only then: its own saves are
// silent. Loading and watching leave no gap, because the watcher begins with the version that was loaded.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QEventLoop>
#include <QSaveFile>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

class Document : public QObject
{
    Q_OBJECT

public:
    explicit Document(const QString &fileName) : m_file(fileName), m_watcher(fileName)
    {
        connect(&m_watcher, &AtomicFileWatcher::changedByOther, this, &Document::changedOnDisk);
        connect(&m_file, &AtomicFile::finished, &m_watcher, &AtomicFileWatcher::noteSaved);
    }

    void load()
    {
        const AtomicFileContent content = AtomicFile::readFile(m_file.fileName()).result();
        m_text = content.bytes;
        m_watcher.setVersion(content.version);
    }

    /// Never over another program's work: that ends in Error::Conflict.
    QFuture<AtomicFileResult> save(const QByteArray &text)
    {
        AtomicFileOptions options;
        options.expectedVersion = m_watcher.version();
        m_file.setOptions(options);
        m_text = text;
        return m_file.write(text);
    }

    QByteArray text() const { return m_text; }

Q_SIGNALS:
    void changedOnDisk();

private:
    AtomicFile m_file;
    AtomicFileWatcher m_watcher;
    QByteArray m_text;
};

bool replaceAsAnotherProgram(const QString &path, const QByteArray &text)
{
    QSaveFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QStringLiteral("letter.txt"));

    Document document(path);
    document.load(); // There is none yet.
    int changes = 0;
    QEventLoop loop;
    QObject::connect(&document, &Document::changedOnDisk, &loop, [&] {
        ++changes;
        document.load(); // Here a real program would ask.
        loop.quit();
    });

    const AtomicFileResult saved = document.save("Dear reader").result();
    if (!saved) {
        errors << saved.errorString() << '\n';
        return 1;
    }
    if (!replaceAsAnotherProgram(path, "Dear writer"))
        return 1;
    loop.exec();
    if (changes != 1 || document.text() != "Dear writer") {
        errors << "The other program's change was not noticed, or the document's own was\n";
        return 1;
    }
    return 0;
}

#include "watch_document.moc"
