// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include <AtomicFile/atomicfilebatch.h>

#include "async/folded_name.h"
#include "operation_p.h"

#include <utility>
#include <vector>

namespace {

using atomicfile::ErrorClass;
using atomicfile::FileSystem;
using atomicfile::Monitor;
using atomicfile::Step;
using atomicfile::WriteRequest;

using Results = QList<AtomicFileResult>;

Results writeEntries(std::vector<AtomicFileEntry> &entries, FileSystem &system, Monitor &monitor)
{
    Results results(static_cast<qsizetype>(entries.size()));
    std::vector<WriteRequest> requests;
    std::vector<qsizetype> positions; ///< of the requests among the entries
    for (std::size_t i = 0; i < entries.size(); ++i) {
        AtomicFileEntry &entry = entries[i];
        const auto position = static_cast<qsizetype>(i);
        if (!entry.convert()) {
            results[position] = entry.refusal();
            continue;
        }
        requests.push_back(entry.request());
        positions.push_back(position);
    }
    const auto outcomes = atomicfile::writeFiles(system, requests, atomicfile::foldedName, monitor);
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
        entries.push_back(AtomicFileEntry::of(path, bytes, text, options));
        targets.push_back({entries.back().target, entries.back().options.symlinks});
    }

    std::vector<AtomicFileEntry> entries;
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
    for (const AtomicFileEntry &entry : d->entries)
        work.payload += entry.payload();
    // The work is copied, the entries are not.
    auto entries = std::make_shared<std::vector<AtomicFileEntry>>(std::exchange(d->entries, {}));
    work.abandoned = [](const std::vector<atomicfile::JobTarget> &targets) {
        return Results(static_cast<qsizetype>(targets.size()),
                       atomicFileRefusal(ErrorClass::Cancelled, Step::None, {}));
    };
    work.run = [entries](FileSystem &system, Monitor &monitor) {
        return writeEntries(*entries, system, monitor);
    };
    return submitAtomicFileWork(std::move(work));
}
