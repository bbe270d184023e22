// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "library_warnings.h"

#include <QLoggingCategory>

#include <cstring>
#include <mutex>

namespace {

constexpr auto libraryCategory = "atomicfile";

std::mutex warningsMutex;
QStringList warnings;
QtMessageHandler otherMessages = nullptr;
QLoggingCategory::CategoryFilter otherCategories = nullptr;

bool isLibrary(const char *category)
{
    return category != nullptr && std::strcmp(category, libraryCategory) == 0;
}

void hear(QtMsgType type, const QMessageLogContext &context, const QString &message)
{
    if (type != QtWarningMsg || !isLibrary(context.category)) {
        otherMessages(type, context, message);
        return;
    }
    const std::lock_guard lock(warningsMutex);
    warnings.append(message);
}

/// Rules of the environment may silence the library, but then this program would not know either.
void enable(QLoggingCategory *category)
{
    otherCategories(category);
    if (isLibrary(category->categoryName()))
        category->setEnabled(QtWarningMsg, true);
}

} // namespace

LibraryWarnings::LibraryWarnings()
{
    // The handler first: whatever a filter lets through has to find it.
    otherMessages = qInstallMessageHandler(hear);
    otherCategories = QLoggingCategory::installFilter(enable);
}

LibraryWarnings::~LibraryWarnings()
{
    QLoggingCategory::installFilter(otherCategories);
    qInstallMessageHandler(otherMessages);
    warnings.clear();
}

QStringList LibraryWarnings::heard() const
{
    const std::lock_guard lock(warningsMutex);
    return warnings;
}
