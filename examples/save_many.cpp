// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
//
// Saves the pages of a site in one batch. Each page is replaced atomically and for itself: what fails
// for one leaves the others alone, and the results say which it was.

#include <AtomicFile/AtomicFileBatch>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTextStream>

namespace {

constexpr int pages = 100;

QString pageText(int number) { return QStringLiteral("<h1>Page %1</h1>\n").arg(number); }

/// How many pages could not be saved.
int savePages(const QDir &site, QTextStream &errors)
{
    AtomicFileBatch batch;
    for (int i = 0; i < pages; ++i)
        batch.writeText(site.filePath(QStringLiteral("page%1.html").arg(i)), pageText(i));
    int failures = 0;
    const QList<AtomicFileResult> results = batch.commit().result();
    for (const AtomicFileResult &result : results) {
        if (!result) {
            errors << result.errorString() << '\n';
            ++failures;
        }
    }
    return failures;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QTextStream errors(stderr);
    const QTemporaryDir scratch;
    const QDir site(scratch.path());
    // Something is in the way of one page.
    if (!site.mkdir(QStringLiteral("page7.html")))
        return 1;
    QString sentence;
    QTextStream expected(&sentence);
    if (savePages(site, expected) != 1) {
        errors << "One page was to fail:\n" << sentence;
        return 1;
    }
    QFile last(site.filePath(QStringLiteral("page%1.html").arg(pages - 1)));
    if (!last.open(QIODevice::ReadOnly) || last.readAll() != pageText(pages - 1).toUtf8()) {
        errors << "The last page was not saved\n";
        return 1;
    }
    return 0;
}
