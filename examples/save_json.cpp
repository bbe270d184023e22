// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves a program's settings as JSON. Whatever happens meanwhile, the file holds the old settings or
// the new ones, and errorString() is a sentence that can be shown as it is.

#include <AtomicFile/AtomicFile>

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

AtomicFileResult saveSettings(const QString &path, const QJsonObject &settings)
{
    AtomicFileOptions options;
    options.permissions = QFileDevice::ReadOwner
        | QFileDevice::WriteOwner; // nobody else's business
    return AtomicFile::writeFile(path, QJsonDocument(settings).toJson(), options).result();
}

QJsonObject loadSettings(const QString &path)
{
    return QJsonDocument::fromJson(AtomicFile::readFile(path).result().bytes).object();
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QString path = scratch.filePath(QStringLiteral("settings.json"));

    QJsonObject settings{{QStringLiteral("language"), QStringLiteral("en")},
                         {QStringLiteral("recentFiles"), 10}};
    for (const int recentFiles : {10, 20}) {
        settings.insert(QStringLiteral("recentFiles"), recentFiles);
        const AtomicFileResult result = saveSettings(path, settings);
        if (!result) {
            errors << result.errorString() << '\n';
            return 1;
        }
    }

    if (loadSettings(path) != settings) {
        errors << "The settings were not kept\n";
        return 1;
    }
    return 0;
}
