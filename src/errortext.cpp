// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "conversion_p.h"

#include <QtCore/QCoreApplication>

namespace {

/// The sentence is made of what could not be done (by step), why (by error) and what the target holds
/// now (by state); every combination has to read well.
class ErrorText
{
    Q_DECLARE_TR_FUNCTIONS(AtomicFileResult)

public:
    static QString of(const AtomicFileResultData &data)
    {
        return tr("%1: %2; %3.", "what failed: why; what became of the target")
            .arg(attempt(data), withSystemReason(data), consequence(data));
    }

private:
    using Error = AtomicFileResult::Error;
    using Step = AtomicFileResult::Step;
    using State = AtomicFileResult::TargetState;

    /// The file that a person knows. Steps that concern the staged file speak of the target.
    static QString subject(const AtomicFileResultData &data)
    {
        switch (data.step) {
        case Step::None:
        case Step::Resolve:
        case Step::Inspect:
        case Step::RemoveSource:
            return data.failedPath.isEmpty() ? data.fileName : data.failedPath;
        case Step::Stage:
        case Step::Write:
        case Step::CarryMetadata:
        case Step::SyncContent:
        case Step::Backup:
        case Step::Publish:
        case Step::SyncDirectory:
            return data.fileName;
        }
        Q_UNREACHABLE();
    }

    static QString attempt(const AtomicFileResultData &data)
    {
        const QString name = subject(data);
        switch (data.step) {
        case Step::None:
            return tr("The file “%1” could not be processed").arg(name);
        case Step::Resolve:
            return tr("The file or folder “%1” could not be used").arg(name);
        case Step::Inspect:
            return tr("The file “%1” could not be used").arg(name);
        case Step::Stage:
            return tr("No new file could be created beside “%1”").arg(name);
        case Step::Write:
            return tr("The new content of “%1” could not be written").arg(name);
        case Step::CarryMetadata:
            return tr("The owner and permissions of “%1” could not be kept").arg(name);
        case Step::SyncContent:
            return tr("The new content of “%1” could not be stored safely").arg(name);
        case Step::Backup:
            return tr("No backup of “%1” could be made").arg(name);
        case Step::Publish:
            return tr("The new file could not take the place of “%1”").arg(name);
        case Step::SyncDirectory:
            return tr("The name of “%1” could not be stored safely").arg(name);
        case Step::RemoveSource:
            return tr("The file “%1” was copied but could not be removed").arg(name);
        }
        Q_UNREACHABLE();
    }

    static QString reason(Error error)
    {
        switch (error) {
        case Error::None:
            return tr("no reason was given");
        case Error::InvalidPath:
            return tr("the path is empty, has forbidden characters, or its links lead in a circle");
        case Error::NotFound:
            return tr("the file or its folder does not exist");
        case Error::PermissionDenied:
            return tr("you do not have permission to change the file or its folder");
        case Error::ReadOnlyFileSystem:
            return tr("the disk is read-only");
        case Error::AlreadyExists:
            return tr("a file of that name already exists");
        case Error::IsDirectory:
            return tr("the path leads to a folder, not to a file");
        case Error::NotRegularFile:
            return tr("it is a device, a link or something else but a file");
        case Error::NoSpace:
            return tr("the disk is full or your quota is used up");
        case Error::FileTooLarge:
            return tr("the file is too large for this disk");
        case Error::TooManyLinks:
            return tr("the file has further names, which would keep the old content");
        case Error::NameTooLong:
            return tr("the name is too long");
        case Error::Busy:
            return tr("another program is using the file, so try again later");
        case Error::Conflict:
            return tr("another program has changed the file meanwhile");
        case Error::Cancelled:
            return tr("the operation was cancelled");
        case Error::Unsupported:
            return tr("this is not supported here");
        case Error::ResourceExhausted:
            return tr("memory or open files have run out");
        case Error::DeviceError:
            return tr("the disk or the connection to it has failed");
        case Error::Unknown:
            return tr("an unexpected error occurred");
        }
        Q_UNREACHABLE();
    }

    static QString withSystemReason(const AtomicFileResultData &data)
    {
        if (data.nativeError == 0)
            return reason(data.error);
        return tr("%1 (%2)", "our words (the system's words)")
            .arg(reason(data.error), qt_error_string(data.nativeError));
    }

    static QString consequence(const AtomicFileResultData &data)
    {
        const QString names = data.retained.join(tr("”, “", "between two file names"));
        if (data.state == State::Displaced) {
            return tr("“%1” is missing, and its old and new content are in “%2”")
                .arg(data.fileName, names);
        }
        QString text = stateOf(data);
        if (data.retained.isEmpty())
            return text;
        return tr("%1, and “%2” was left behind and can be deleted").arg(text, names);
    }

    /// The target is named again only where the sentence began with another file.
    static QString stateOf(const AtomicFileResultData &data)
    {
        const bool isNamed = subject(data) == data.fileName;
        switch (data.state) {
        case State::Unchanged:
            return isNamed ? tr("the file is unchanged")
                           : tr("“%1” is unchanged").arg(data.fileName);
        case State::Replaced:
            return isNamed ? tr("the file was replaced by the new one")
                           : tr("“%1” was replaced by the new file").arg(data.fileName);
        case State::ReplacedNotDurable:
            return isNamed
                ? tr("the file was replaced by the new one, but a power failure may bring the "
                     "old one back")
                : tr("“%1” was replaced by the new file, but a power failure may bring the old "
                     "one back")
                      .arg(data.fileName);
        case State::Displaced:
            return QString(); // said above, with both names
        }
        Q_UNREACHABLE();
    }
};

} // namespace

QString atomicFileErrorText(const AtomicFileResultData &data) { return ErrorText::of(data); }
