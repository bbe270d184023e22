// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "commands.h"

#include "await.h"
#include "interrupt.h"
#include "library_warnings.h"
#include "standard_input.h"
#include "watch.h"

#include <QDir>
#include <QFileInfo>
#include <QSet>

#include <algorithm>
#include <array>
#include <utility>

namespace {

using namespace std::chrono_literals;

/// The statuses in the order of their gravity.
ExitStatus graver(ExitStatus a, ExitStatus b)
{
    static constexpr std::array order = {
        ExitStatus::Done,       ExitStatus::Failed,    ExitStatus::Conflict,
        ExitStatus::Incomplete, ExitStatus::Displaced, ExitStatus::Interrupted,
        ExitStatus::Usage,
    };
    const auto rank = [](ExitStatus status) {
        return std::find(order.begin(), order.end(), status);
    };
    return rank(a) < rank(b) ? b : a;
}

struct Streamed
{
    enum class End { Whole, Stopped, InputFailed };
    End end = End::Stopped; ///< Stopped: interrupted, or the device has failed
    QString error;          ///< of the input
};

/// Streams standard input into the device.
Streamed streamInput(AtomicFileDevice &device, Output &output)
{
    const qint64 total = StandardInput::size();
    StandardInput input;
    qint64 done = 0;
    while (!isInterrupted()) {
        const StandardInput::Next next = input.next(50ms);
        switch (next.event) {
        case StandardInput::Event::Timeout:
            break;
        case StandardInput::Event::End:
            return {Streamed::End::Whole, {}};
        case StandardInput::Event::Error:
            return {Streamed::End::InputFailed, next.error};
        case StandardInput::Event::Chunk:
            if (device.write(next.chunk) != next.chunk.size())
                return {};
            done += next.chunk.size();
            output.progress(done, total);
            break;
        }
    }
    return {};
}

ExitStatus write(const Arguments &arguments, QIODevice::OpenMode mode, Output &output)
{
    const QString target = arguments.paths.constFirst();
    AtomicFileDevice device(target);
    device.setOptions(arguments.options);
    if (!device.open(mode))
        return output.report(device.result(), {}, target);

    const Streamed streamed = streamInput(device, output);
    if (streamed.end == Streamed::End::Whole) {
        const AtomicFileResult result = await(device.commitAsync(),
                                              [&] { device.cancelWriting(); });
        return output.report(result, {}, target);
    }
    device.cancelWriting();
    (void)device.commit(); // reports the cancellation through result()
    if (streamed.end == Streamed::End::Stopped)
        return output.report(device.result(), {}, target);
    return output.fail(AtomicFileResult::Error::Unknown,
                       QStringLiteral("cannot read standard input: %1").arg(streamed.error), {},
                       target);
}

/// Where a source goes: into the destination if that is a directory, as with cp and mv.
QString targetFor(const QString &source, const QString &destination)
{
    if (!QFileInfo(destination).isDir())
        return destination;
    return QDir(destination).filePath(QFileInfo(QDir::cleanPath(source)).fileName());
}

/// What this run has made: a later source of the same name would destroy an earlier one.
class Made
{
public:
    void add(const QString &target, const AtomicFileResult &result)
    {
        if (result.targetState() == AtomicFileResult::TargetState::Unchanged)
            return;
        m_names.insert(target);
        m_versions.append(result.version());
    }

    /// Also under another name: of a symbolic link, or where the file system folds letter case.
    bool contains(const QString &target) const
    {
        const AtomicFileVersion standing = AtomicFileVersion::of(target);
        return m_names.contains(target) || (!standing.isNull() && m_versions.contains(standing));
    }

private:
    QSet<QString> m_names;
    QList<AtomicFileVersion> m_versions;
};

ExitStatus transferOne(const Arguments &arguments, const QString &source, const QString &target,
                       Made &made, Output &output)
{
    if (made.contains(target)) {
        return output.fail(AtomicFileResult::Error::AlreadyExists,
                           QStringLiteral("%1 was not put in place of %2, which was just made from "
                                          "another source")
                               .arg(source, target),
                           source, target);
    }
    AtomicFile file(source);
    file.setOptions(arguments.options);
    QObject::connect(&file, &AtomicFile::progressChanged,
                     [&](qint64 done, qint64 total) { output.progress(done, total); });
    const QFuture<AtomicFileResult> operation = arguments.command == Command::Move
        ? file.moveTo(target)
        : file.copyTo(target);
    const AtomicFileResult result = await(operation, [&] { file.cancel(); });
    made.add(target, result);
    return output.report(result, source, target);
}

ExitStatus transfer(const Arguments &arguments, Output &output)
{
    QStringList sources = arguments.paths;
    const QString destination = sources.takeLast();
    if (sources.size() > 1 && !QFileInfo(destination).isDir()) {
        output.error(QStringLiteral("%1 is not a directory").arg(destination));
        return ExitStatus::Usage;
    }

    ExitStatus status = ExitStatus::Done;
    Made made;
    while (!sources.isEmpty()) {
        const QString source = sources.takeFirst();
        const QString target = targetFor(source, destination);
        status = graver(status, transferOne(arguments, source, target, made, output));
        if (isInterrupted() && !sources.isEmpty())
            return graver(status, ExitStatus::Interrupted); // what follows was never begun
    }
    return status;
}

ExitStatus sweep(const Arguments &arguments, Output &output)
{
    const QString directory = arguments.paths.constFirst();
    // The list of what was removed has no room for a failure, which the library warns of instead.
    const LibraryWarnings warnings;
    const QStringList removed = AtomicFile::sweep(directory).result();
    return output.swept(directory, removed, warnings.heard());
}

ExitStatus versionOf(const Arguments &arguments, Output &output)
{
    const QString path = arguments.paths.constFirst();
    const AtomicFileVersion version = AtomicFileVersion::of(path);
    if (version.isNull() && QFileInfo::exists(path)) {
        output.error(QStringLiteral("the version of %1 cannot be told").arg(path));
        return ExitStatus::Failed;
    }
    output.version(path, version);
    return ExitStatus::Done;
}

} // namespace

ExitStatus run(const Arguments &arguments, Output &output)
{
    switch (arguments.command) {
    case Command::Write:
        return write(arguments, QIODevice::WriteOnly, output);
    case Command::Append:
        return write(arguments, QIODevice::WriteOnly | QIODevice::Append, output);
    case Command::Copy:
    case Command::Move:
        return transfer(arguments, output);
    case Command::Sweep:
        return sweep(arguments, output);
    case Command::VersionOf:
        return versionOf(arguments, output);
    case Command::Watch:
        return watch(arguments, output);
    }
    Q_UNREACHABLE();
}
