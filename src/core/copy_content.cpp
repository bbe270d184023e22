// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "copy_content.h"

#include "retry.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace atomicfile {

namespace {

constexpr std::int64_t rangeChunk = std::int64_t(16) << 20;
constexpr std::size_t bufferSize = std::size_t(1) << 20;

/// A shorter way that is barred, for whatever reason (a file system without it, a security module, a
/// sandbox that does not know the call), leaves the longer ones. After these there is no other way.
bool endsTheCopy(const SystemError &error)
{
    return error.kind == ErrorClass::NoSpace || error.kind == ErrorClass::FileTooLarge
        || error.kind == ErrorClass::DeviceError || error.kind == ErrorClass::ResourceExhausted;
}

class Copy
{
public:
    Copy(StagedFile &staged, FileHandle source, const FileInfo &info, const Path &path,
         Monitor &monitor)
        : m_staged(staged)
        , m_system(staged.system())
        , m_source(source)
        , m_info(info)
        , m_path(path)
        , m_monitor(monitor)
    {
    }

    Result<void, Failure> run()
    {
        if (auto copied = copy(); !copied)
            return copied;
        // A program that wrote into the source meanwhile would leave a mix of old and new.
        const auto after = retryInterrupted(
            [&] { return m_system.statFile(m_source, Times::Asked); });
        if (!after)
            return failureOf(after.error(), Step::Inspect, m_path);
        if (Version::of(after.value()) != Version::of(m_info))
            return refusal(ErrorClass::Conflict, Step::Inspect, m_path);
        return {};
    }

private:
    Result<void, Failure> copy()
    {
        const auto cloned = m_staged.isClone()
            ? Status()
            : retryInterrupted([&] { return m_system.cloneContent(m_source, m_staged.file()); });
        if (cloned) {
            m_staged.noteWritten(0, m_info.size);
            m_monitor.progress(m_info.size, m_info.size);
            return {};
        }
        if (endsTheCopy(cloned.error()))
            return failureOf(cloned.error(), Step::Write, m_staged.target().place.path);
        const bool hasHoles = m_info.allocated < m_info.size;
        return hasHoles ? copyExtents() : copyDense();
    }

    Result<void, Failure> copyDense()
    {
        // Files that are made up while they are read (procfs, some FUSE ones) say that they are empty.
        if (m_info.size == 0)
            return copyAll(0, std::numeric_limits<std::int64_t>::max());
        if (auto reserved = m_staged.reserve(m_info.size); !reserved)
            return reserved.error();
        return copyAll(0, m_info.size);
    }

    Result<void, Failure> copyAll(std::int64_t offset, std::int64_t end)
    {
        if (auto reached = copyRange(offset, end); !reached)
            return reached.error();
        return {};
    }

    /// Copies the data between the holes, and the last hole by setting the length.
    Result<void, Failure> copyExtents()
    {
        // Where there are no holes they are filled, which costs storage and nothing else.
        const auto allowed = retryInterrupted([&] { return m_system.allowHoles(m_staged.file()); });
        if (!allowed && allowed.error().kind != ErrorClass::Unsupported)
            return failureOf(allowed.error(), Step::Write, m_staged.target().place.path);
        std::int64_t offset = 0;
        while (offset < m_info.size) {
            const auto begin = retryInterrupted(
                [&] { return m_system.findData(m_source, offset); });
            if (!begin && !endsTheCopy(begin.error()))
                return copyAll(offset, m_info.size);
            if (!begin)
                return failureOf(begin.error(), Step::Inspect, m_path);
            if (!begin.value() || *begin.value() >= m_info.size)
                break;
            const auto end = retryInterrupted(
                [&] { return m_system.findHole(m_source, *begin.value()); });
            if (!end)
                return failureOf(end.error(), Step::Inspect, m_path);
            const std::int64_t stop = std::min(end.value(), m_info.size);
            const auto reached = copyRange(*begin.value(), stop);
            if (!reached)
                return reached.error();
            if (reached.value() < stop) // The end of the source: no hole follows it.
                return {};
            offset = stop;
        }
        return offset < m_info.size ? copyLastHole() : Result<void, Failure>();
    }

    /// Only if the source really goes on to the length that it says it has.
    Result<void, Failure> copyLastHole()
    {
        std::byte last = {};
        const auto read = retryInterrupted(
            [&] { return m_system.readAt(m_source, m_info.size - 1, std::span(&last, 1)); });
        if (!read)
            return failureOf(read.error(), Step::Inspect, m_path);
        if (read.value() == 0)
            return {};
        return m_staged.resize(m_info.size);
    }

    /// Copies up to an offset or to the end of the source, whichever comes first, and says how far. A
    /// source that says that it is longer than it is (sysfs) is no failure; one that got shorter
    /// meanwhile is found at the end.
    Result<std::int64_t, Failure> copyRange(std::int64_t offset, std::int64_t end)
    {
        while (offset < end) {
            if (m_monitor.isCancelled())
                return refusal(ErrorClass::Cancelled, Step::Write, m_staged.target().place.path);
            const auto length = std::min(end - offset, rangeChunk);
            const auto copied = m_inSystem ? insideSystem(offset, length)
                                           : throughMemory(offset, length);
            if (!copied)
                return copied.error();
            if (copied.value() == 0 && m_inSystem) {
                // Some kernels say 0 for files they cannot copy (procfs); memory knows the truth.
                m_inSystem = false;
                continue;
            }
            if (copied.value() == 0)
                break;
            offset += copied.value();
            m_monitor.progress(m_staged.outcome().bytesWritten, total());
        }
        return offset;
    }

    Result<std::int64_t, Failure> insideSystem(std::int64_t offset, std::int64_t length)
    {
        const auto copied = retryInterrupted([&] {
            return m_system.copyRange(m_source, m_staged.file(), offset,
                                      static_cast<std::size_t>(length));
        });
        if (!copied && !endsTheCopy(copied.error()))
            return std::int64_t(0);
        if (!copied)
            return failureOf(copied.error(), Step::Write, m_staged.target().place.path);
        const auto done = static_cast<std::int64_t>(copied.value());
        m_staged.noteWritten(offset, done);
        return done;
    }

    Result<std::int64_t, Failure> throughMemory(std::int64_t offset, std::int64_t length)
    {
        m_buffer.resize(bufferSize);
        const auto wanted = std::min(m_buffer.size(), static_cast<std::size_t>(length));
        const auto read = retryInterrupted(
            [&] { return m_system.readAt(m_source, offset, std::span(m_buffer).first(wanted)); });
        if (!read)
            return failureOf(read.error(), Step::Inspect, m_path);
        auto written = m_staged.write(offset, std::span(m_buffer).first(read.value()), total(),
                                      m_monitor);
        if (!written)
            return written.error();
        return static_cast<std::int64_t>(read.value());
    }

    /// For the progress.
    std::int64_t total() const { return m_info.size > 0 ? m_info.size : -1; }

    StagedFile &m_staged;
    FileSystem &m_system;
    FileHandle m_source;
    const FileInfo &m_info;
    const Path &m_path;
    Monitor &m_monitor;
    bool m_inSystem = true;
    std::vector<std::byte> m_buffer;
};

} // namespace

Result<void, Failure> copyContent(StagedFile &staged, FileHandle source, const FileInfo &info,
                                  const Path &sourcePath, Monitor &monitor)
{
    return Copy(staged, source, info, sourcePath, monitor).run();
}

} // namespace atomicfile
