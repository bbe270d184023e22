// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "conversion_p.h"

#include <QtCore/QDir>
#include <QtCore/QFile>

#include <string>
#include <utility>

namespace {

using atomicfile::ErrorClass;
using Result = AtomicFileResult;

Result::Error publicError(ErrorClass kind)
{
    switch (kind) {
    case ErrorClass::InvalidPath:
        return Result::Error::InvalidPath;
    case ErrorClass::NotFound:
        return Result::Error::NotFound;
    case ErrorClass::PermissionDenied:
        return Result::Error::PermissionDenied;
    case ErrorClass::ReadOnlyFileSystem:
        return Result::Error::ReadOnlyFileSystem;
    case ErrorClass::AlreadyExists:
        return Result::Error::AlreadyExists;
    case ErrorClass::IsDirectory:
        return Result::Error::IsDirectory;
    case ErrorClass::NotRegularFile:
        return Result::Error::NotRegularFile;
    case ErrorClass::NoSpace:
        return Result::Error::NoSpace;
    case ErrorClass::FileTooLarge:
        return Result::Error::FileTooLarge;
    case ErrorClass::TooManyLinks:
        return Result::Error::TooManyLinks;
    case ErrorClass::NameTooLong:
        return Result::Error::NameTooLong;
    case ErrorClass::Busy:
        return Result::Error::Busy;
    case ErrorClass::Conflict:
        return Result::Error::Conflict;
    case ErrorClass::Cancelled:
        return Result::Error::Cancelled;
    case ErrorClass::Unsupported:
        return Result::Error::Unsupported;
    case ErrorClass::ResourceExhausted:
        return Result::Error::ResourceExhausted;
    case ErrorClass::DeviceError:
        return Result::Error::DeviceError;
    case ErrorClass::Unknown:
        return Result::Error::Unknown;
    case ErrorClass::NotSameDevice:
        return Result::Error::Unsupported;
    case ErrorClass::HalfReplaced:
    case ErrorClass::Interrupted:
        return Result::Error::Unknown;
    }
    Q_UNREACHABLE();
}

Result::Step publicStep(atomicfile::Step step)
{
    using atomicfile::Step;
    switch (step) {
    case Step::None:
        return Result::Step::None;
    case Step::Resolve:
        return Result::Step::Resolve;
    case Step::Inspect:
        return Result::Step::Inspect;
    case Step::Stage:
        return Result::Step::Stage;
    case Step::Write:
        return Result::Step::Write;
    case Step::CarryMetadata:
        return Result::Step::CarryMetadata;
    case Step::SyncContent:
        return Result::Step::SyncContent;
    case Step::Backup:
        return Result::Step::Backup;
    case Step::Publish:
        return Result::Step::Publish;
    case Step::SyncDirectory:
        return Result::Step::SyncDirectory;
    case Step::RemoveSource:
        return Result::Step::RemoveSource;
    }
    Q_UNREACHABLE();
}

Result::TargetState publicState(atomicfile::TargetState state)
{
    using atomicfile::TargetState;
    switch (state) {
    case TargetState::Unchanged:
        return Result::TargetState::Unchanged;
    case TargetState::Replaced:
        return Result::TargetState::Replaced;
    case TargetState::ReplacedNotDurable:
        return Result::TargetState::ReplacedNotDurable;
    case TargetState::Displaced:
        return Result::TargetState::Displaced;
    }
    Q_UNREACHABLE();
}

Result::Losses publicLosses(atomicfile::Losses losses)
{
    using atomicfile::Loss;
    static_assert(unsigned(Loss::Owner) == Result::Owner
                  && unsigned(Loss::Permissions) == Result::Permissions
                  && unsigned(Loss::AccessControlList) == Result::AccessControlList
                  && unsigned(Loss::ExtendedAttributes) == Result::ExtendedAttributes
                  && unsigned(Loss::Timestamps) == Result::Timestamps
                  && unsigned(Loss::Atomicity) == Result::Atomicity
                  && unsigned(Loss::Durability) == Result::Durability);
    return Result::Losses::fromInt(static_cast<Result::Losses::Int>(losses));
}

atomicfile::Durability coreDurability(AtomicFileOptions::Durability durability)
{
    switch (durability) {
    case AtomicFileOptions::Durability::None:
        return atomicfile::Durability::None;
    case AtomicFileOptions::Durability::Consistent:
        return atomicfile::Durability::Consistent;
    case AtomicFileOptions::Durability::Durable:
        return atomicfile::Durability::Durable;
    }
    Q_UNREACHABLE();
}

atomicfile::Existing coreExisting(AtomicFileOptions::Existing existing)
{
    switch (existing) {
    case AtomicFileOptions::Existing::Replace:
        return atomicfile::Existing::Replace;
    case AtomicFileOptions::Existing::CreateNew:
        return atomicfile::Existing::CreateNew;
    case AtomicFileOptions::Existing::MustExist:
        return atomicfile::Existing::MustExist;
    }
    Q_UNREACHABLE();
}

atomicfile::Symlinks coreSymlinks(AtomicFileOptions::Symlinks symlinks)
{
    switch (symlinks) {
    case AtomicFileOptions::Symlinks::Follow:
        return atomicfile::Symlinks::Follow;
    case AtomicFileOptions::Symlinks::Replace:
        return atomicfile::Symlinks::Replace;
    case AtomicFileOptions::Symlinks::Refuse:
        return atomicfile::Symlinks::Refuse;
    }
    Q_UNREACHABLE();
}

atomicfile::HardLinks coreHardLinks(AtomicFileOptions::HardLinks hardLinks)
{
    switch (hardLinks) {
    case AtomicFileOptions::HardLinks::Break:
        return atomicfile::HardLinks::Break;
    case AtomicFileOptions::HardLinks::Refuse:
        return atomicfile::HardLinks::Refuse;
    case AtomicFileOptions::HardLinks::WriteInPlace:
        return atomicfile::HardLinks::WriteInPlace;
    }
    Q_UNREACHABLE();
}

struct PermissionBit
{
    QFileDevice::Permissions flags;
    atomicfile::ModeBits bit;
};

constexpr PermissionBit permissionBits[] = {
    {QFileDevice::ReadOwner | QFileDevice::ReadUser, 0400},
    {QFileDevice::WriteOwner | QFileDevice::WriteUser, 0200},
    {QFileDevice::ExeOwner | QFileDevice::ExeUser, 0100},
    {QFileDevice::ReadGroup, 0040},
    {QFileDevice::WriteGroup, 0020},
    {QFileDevice::ExeGroup, 0010},
    {QFileDevice::ReadOther, 0004},
    {QFileDevice::WriteOther, 0002},
    {QFileDevice::ExeOther, 0001},
};

using Native = atomicfile::Path::string_type;

// One of the two for each system's kind of path.

[[maybe_unused]] void encode(const QString &fileName, std::string &text)
{
    const QByteArray encoded = QFile::encodeName(fileName);
    text.assign(encoded.constData(), static_cast<std::size_t>(encoded.size()));
}

[[maybe_unused]] void encode(const QString &fileName, std::wstring &text)
{
    text = fileName.toStdWString();
}

[[maybe_unused]] QString decoded(const std::string &text)
{
    return QFile::decodeName(
        QByteArray::fromRawData(text.data(), static_cast<qsizetype>(text.size())));
}

[[maybe_unused]] QString decoded(const std::wstring &text)
{
    return QDir::fromNativeSeparators(QString::fromStdWString(text));
}

} // namespace

atomicfile::Path AtomicFileConversion::path(const QString &fileName)
{
    Native text;
    encode(fileName, text);
    return atomicfile::Path(std::move(text));
}

QString AtomicFileConversion::fileName(const atomicfile::Path &path)
{
    return decoded(path.native());
}

atomicfile::Path AtomicFileConversion::absolutePath(const QString &fileName)
{
    // Not QDir::isAbsolutePath(), which looks for resources and search paths, even on the disk.
    atomicfile::Path given = path(fileName);
    if (given.empty() || given.is_absolute())
        return given;
    return path(QDir::currentPath()) / given;
}

std::span<const std::byte> AtomicFileConversion::bytes(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

AtomicFileVersion AtomicFileConversion::version(const atomicfile::Version &version)
{
    AtomicFileVersion converted;
    converted.m_exists = version.exists;
    converted.m_file = {version.file[0], version.file[1]};
    converted.m_size = version.size;
    converted.m_modified = version.modified;
    return converted;
}

atomicfile::Version AtomicFileConversion::version(const AtomicFileVersion &version)
{
    return {version.m_exists,
            {version.m_file[0], version.m_file[1]},
            version.m_size,
            version.m_modified};
}

atomicfile::Options AtomicFileConversion::options(const AtomicFileOptions &options)
{
    atomicfile::Options converted;
    converted.durability = coreDurability(options.durability);
    converted.existing = coreExisting(options.existing);
    converted.symlinks = coreSymlinks(options.symlinks);
    converted.hardLinks = coreHardLinks(options.hardLinks);
    converted.metadata = options.metadata == AtomicFileOptions::Metadata::Fresh
        ? atomicfile::Metadata::Fresh
        : atomicfile::Metadata::Preserve;
    converted.inPlace = options.inPlace == AtomicFileOptions::InPlace::WhenReplaceImpossible
        ? atomicfile::InPlace::WhenReplaceImpossible
        : atomicfile::InPlace::Never;
    converted.unchanged = options.unchanged == AtomicFileOptions::Unchanged::Skip
        ? atomicfile::Unchanged::Skip
        : atomicfile::Unchanged::Rewrite;
    converted.backup = {options.backup.generations, path(options.backup.suffix)};
    if (options.expectedVersion)
        converted.expectedVersion = version(*options.expectedVersion);
    if (options.permissions)
        converted.permissions = modeBits(*options.permissions);
    converted.busyTimeout = options.busyTimeout;
    return converted;
}

atomicfile::ModeBits AtomicFileConversion::modeBits(QFileDevice::Permissions permissions)
{
    atomicfile::ModeBits mode = 0;
    for (const PermissionBit &known : permissionBits) {
        if (permissions & known.flags)
            mode |= known.bit;
    }
    return mode;
}

QFileDevice::Permissions AtomicFileConversion::permissions(atomicfile::ModeBits mode)
{
    QFileDevice::Permissions permissions;
    for (const PermissionBit &known : permissionBits) {
        if (mode & known.bit)
            permissions |= known.flags;
    }
    return permissions;
}

AtomicFileResult AtomicFileConversion::result(const atomicfile::Outcome &outcome)
{
    auto *data = new AtomicFileResultData;
    if (outcome.failure) {
        data->error = publicError(outcome.failure->kind);
        data->step = publicStep(outcome.failure->step);
        data->nativeError = outcome.failure->native.code;
        data->failedPath = fileName(outcome.failure->path);
    }
    data->state = publicState(outcome.state);
    data->losses = publicLosses(outcome.losses);
    data->fileName = fileName(outcome.target);
    data->bytesWritten = outcome.bytesWritten;
    data->attempts = outcome.attempts;
    data->version = version(outcome.version);
    data->backup = fileName(outcome.backup);
    for (const atomicfile::Path &retained : outcome.retained)
        data->retained.append(fileName(retained));
    return AtomicFileResult(data);
}

AtomicFileResult atomicFileRefusal(ErrorClass kind, atomicfile::Step step,
                                   const atomicfile::Path &target)
{
    return AtomicFileConversion::result(
        atomicfile::failedOutcome(atomicfile::refusal(kind, step, target), target));
}
