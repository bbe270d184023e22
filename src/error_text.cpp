// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "conversion_p.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDir>

// The only place where errors become words. The sentence has three parts: what could not be done and
// why, what a person may do about it where that is known, and what the target holds now.

QString qt_error_string(int code);

namespace {

using Error = AtomicFileResult::Error;
using Step = AtomicFileResult::Step;
using State = AtomicFileResult::TargetState;

QString tr(const char *text) { return QCoreApplication::translate("AtomicFileResult", text); }

/// Why, and what may help; without a full stop.
QString reason(const AtomicFileResultData &data)
{
    switch (data.error) {
    case Error::None:
        break;
    case Error::InvalidPath:
        return tr("this is not a usable file name, or its symbolic links run in a circle");
    case Error::NotFound:
        return tr("it does not exist");
    case Error::PermissionDenied:
        return tr("permission was denied; check the permissions of the file and of its folder");
    case Error::ReadOnlyFileSystem:
        return tr("the file system is read-only; choose another place");
    case Error::AlreadyExists:
        return tr("a file of this name already exists; choose another name");
    case Error::IsDirectory:
        return tr("it is a folder; name a file in it");
    case Error::NotRegularFile:
        return tr("it is not a regular file");
    case Error::NoSpace:
        return tr("the disk is full or a quota is reached; free some space and try again");
    case Error::FileTooLarge:
        return tr("the file is larger than is allowed here");
    case Error::TooManyLinks:
        return tr("the file has other names (hard links), which would keep the old content");
    case Error::NameTooLong:
        return tr("the name is too long; choose a shorter one");
    case Error::Busy:
        return tr("another program is using it; close it there and try again");
    case Error::Conflict:
        return tr("another program has changed it; load it again first");
    case Error::Cancelled:
        return tr("it was cancelled");
    case Error::Unsupported:
        return tr("what was asked for is not possible here");
    case Error::ResourceExhausted:
        return tr("memory or open files ran out; close something and try again");
    case Error::DeviceError:
        return tr("the disk or the connection to it failed; save elsewhere");
    case Error::Unknown:
        return tr("an unexpected error occurred");
    }
    return tr("an unexpected error occurred");
}

/// What could not be done; %1 is a path, %2 the reason.
QString action(Step step)
{
    switch (step) {
    case Step::None:
        return tr("Could not read “%1”: %2");
    case Step::Resolve:
        return tr("Could not find the place of “%1”: %2");
    case Step::Inspect:
        return tr("Could not use “%1”: %2");
    case Step::Stage:
        return tr("Could not create a temporary file beside “%1”: %2");
    case Step::Write:
        return tr("Could not write the content of “%1”: %2");
    case Step::CarryMetadata:
        return tr("Could not keep owner and permissions of “%1”: %2");
    case Step::SyncContent:
        return tr("Could not bring the content of “%1” safely to the disk: %2");
    case Step::Backup:
        return tr("Could not make the backup of “%1”: %2");
    case Step::Publish:
        return tr("Could not put the new file in place of “%1”: %2");
    case Step::SyncDirectory:
        return tr("Could not bring the new name “%1” safely to the disk: %2");
    case Step::RemoveSource:
        return tr("Could not remove the original “%1” after moving it: %2");
    }
    return {};
}

/// What became of the target; %1 is its path.
QString ending(const AtomicFileResultData &data)
{
    switch (data.state) {
    case State::Unchanged:
        return data.step == Step::None ? QString() : tr("“%1” is unchanged");
    case State::Replaced:
        return tr("“%1” holds the new content");
    case State::ReplacedNotDurable:
        return tr("“%1” holds the new content, but a power cut may bring the old one back");
    case State::Displaced:
        return tr("“%1” is missing, the old and the new content are kept beside it");
    }
    return {};
}

} // namespace

QString atomicFileErrorText(const AtomicFileResultData &data)
{
    const QString target = QDir::toNativeSeparators(data.fileName);
    const QString failed = QDir::toNativeSeparators(data.failedPath);
    QString why = reason(data);
    if (data.nativeError != 0)
        why = tr("%1 (system: %2)").arg(why, qt_error_string(data.nativeError));
    QString text = action(data.step).arg(failed.isEmpty() ? target : failed, why);
    const QString state = ending(data);
    if (!state.isEmpty())
        text = tr("%1; %2").arg(text, state.arg(target));
    for (const QString &retained : data.retained)
        text = tr("%1; “%2” could not be removed").arg(text, QDir::toNativeSeparators(retained));
    return tr("%1.").arg(text);
}
