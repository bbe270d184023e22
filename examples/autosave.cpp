// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// A document that saves itself a moment after it was changed, and for the last time when it goes.

#include <AtomicFile/AtomicFile>
#include <AtomicFile/AtomicFileAutosaver>

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

class Note
{
public:
    explicit Note(const QString &path) : autosaver(path)
    {
        autosaver.setInterval(std::chrono::milliseconds(20));
        autosaver.setContent([this] { return m_text.toUtf8(); });
    }

    void append(const QString &line)
    {
        m_text += line + QLatin1Char('\n');
        autosaver.markDirty();
    }

private:
    QString m_text;

public:
    AtomicFileAutosaver autosaver; ///< after the text: its destructor still saves it
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QStringLiteral("note.txt"));

    int saves = 0;
    {
        Note note(path);
        QObject::connect(&note.autosaver, &AtomicFileAutosaver::saved, &application, [&] {
            ++saves;
            QCoreApplication::quit();
        });
        QObject::connect(&note.autosaver, &AtomicFileAutosaver::saveFailed, &application,
                         [&](const AtomicFileResult &result) {
                             errors << result.errorString() << '\n';
                             QCoreApplication::exit(1);
                         });
        for (int i = 1; i <= 10; ++i)
            note.append(QStringLiteral("line %1").arg(i));
        if (QCoreApplication::exec() != 0)
            return 1;
        note.append(QStringLiteral("the last line"));
    }

    if (saves != 1) {
        errors << "Ten changes were to be saved together\n";
        return 1;
    }
    if (!AtomicFile::readFile(path).result().bytes.endsWith("line 10\nthe last line\n")) {
        errors << "The last line was not saved\n";
        return 1;
    }
    return 0;
}
