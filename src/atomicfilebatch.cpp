// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfilebatch.h>

#include "async/folded_name.h"
#include "operation_p.h"

#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace {

using atomicfile::ErrorClass;
using atomicfile::FileSystem;
using atomicfile::Monitor;
using atomicfile::Options;
using atomicfile::Path;
using atomicfile::Step;
using atomicfile::WriteRequest;

struct BatchEntry
{
    Path target;
    QByteArray bytes; ///< of a text only once it was converted
    QString text;
    Options options;
};

using Results = QList<AtomicFileResult>;

/// What keeps an entry from being written at all; turns its text into bytes.
std::optional<AtomicFileResult> prepare(BatchEntry &entry)
{
    try {
        if (!entry.text.isEmpty())
            entry.bytes = std::exchange(entry.text, QString()).toUtf8();
    } catch (const std::bad_alloc &) {
        return atomicFileRefusal(ErrorClass::ResourceExhausted, Step::Write, entry.target);
    }
    return std::nullopt;
}

std::u16string foldedText(const Path &name)
{
    return atomicfile::foldedName(name).toStdU16String();
}

Results writeEntries(std::vector<BatchEntry> &entries, FileSystem &system, Monitor &monitor)
{
    Results results(static_cast<qsizetype>(entries.size()));
    std::vector<WriteRequest> requests;
    std::vector<qsizetype> positions; ///< of the requests among the entries
    for (std::size_t i = 0; i < entries.size(); ++i) {
        BatchEntry &entry = entries[i];
        const auto position = static_cast<qsizetype>(i);
        if (auto refused = prepare(entry)) {
            results[position] = *refused;
            continue;
        }
        requests.push_back({entry.target, AtomicFileConversion::bytes(entry.bytes), entry.options});
        positions.push_back(position);
    }
    const auto outcomes = atomicfile::writeFiles(system, requests, foldedText, monitor);
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        results[positions[i]] = AtomicFileConversion::result(outcomes[i]);
    return results;
}

} // namespace

class AtomicFileBatchPrivate
{
public:
    void add(const QString &path, const QByteArray &bytes, const QString &text,
             const AtomicFileOptions &options)
    {
        BatchEntry entry{AtomicFileConversion::absolutePath(path), bytes, text,
                         AtomicFileConversion::options(options)};
        targets.push_back({entry.target, entry.options.symlinks});
        entries.push_back(std::move(entry));
    }

    std::vector<BatchEntry> entries;
    std::vector<atomicfile::JobTarget> targets;
};

AtomicFileBatch::AtomicFileBatch() : d(std::make_unique<AtomicFileBatchPrivate>()) { }
AtomicFileBatch::AtomicFileBatch(AtomicFileBatch &&other) noexcept = default;
AtomicFileBatch &AtomicFileBatch::operator=(AtomicFileBatch &&other) noexcept = default;
AtomicFileBatch::~AtomicFileBatch() = default;

void AtomicFileBatch::write(const QString &path, const QByteArray &bytes,
                            const AtomicFileOptions &options)
{
    d->add(path, bytes, QString(), options);
}

void AtomicFileBatch::writeText(const QString &path, const QString &text,
                                const AtomicFileOptions &options)
{
    d->add(path, QByteArray(), text, options);
}

qsizetype AtomicFileBatch::size() const { return static_cast<qsizetype>(d->entries.size()); }

QFuture<QList<AtomicFileResult>> AtomicFileBatch::commit()
{
    AtomicFileWork<Results> work;
    work.targets = std::exchange(d->targets, {});
    for (const BatchEntry &entry : d->entries)
        work.payload += entry.bytes.size() + entry.text.size() * qsizetype(sizeof(QChar));
    // The work is copied, the entries are not.
    auto entries = std::make_shared<std::vector<BatchEntry>>(std::exchange(d->entries, {}));
    work.abandoned = [](const std::vector<atomicfile::JobTarget> &targets) {
        return Results(static_cast<qsizetype>(targets.size()),
                       atomicFileRefusal(ErrorClass::Cancelled, Step::None, {}));
    };
    work.run = [entries](FileSystem &system, Monitor &monitor) {
        return writeEntries(*entries, system, monitor);
    };
    return submitAtomicFileWork(std::move(work));
}
