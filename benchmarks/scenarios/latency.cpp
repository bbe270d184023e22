// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "measure.h"

#include <AtomicFile/AtomicFile>

#include <QEventLoop>
#include <QSaveFile>
#include <QTimer>

#include <algorithm>
#include <vector>

namespace {

/// The longest time that an event loop which always has something to do was kept from doing it.
class Gaps
{
public:
    Gaps()
    {
        QObject::connect(&m_timer, &QTimer::timeout, [this] {
            m_longest = std::max(m_longest, m_sinceLast.nsecsElapsed());
            m_sinceLast.start();
        });
    }
    void start()
    {
        m_longest = 0;
        m_sinceLast.start();
        m_timer.start(0);
    }
    double stop()
    {
        m_timer.stop();
        return static_cast<double>(std::max(m_longest, m_sinceLast.nsecsElapsed())) / 1e9;
    }

private:
    QTimer m_timer;
    QElapsedTimer m_sinceLast;
    qint64 m_longest = 0;
};

AtomicFileResult waitFor(AtomicFile &file, const QByteArray &bytes)
{
    QEventLoop loop;
    AtomicFileResult end;
    const auto connection = QObject::connect(&file, &AtomicFile::finished,
                                             [&](const AtomicFileResult &result) {
                                                 end = result;
                                                 loop.quit();
                                             });
    file.write(bytes);
    loop.exec();
    QObject::disconnect(connection);
    return end;
}

} // namespace

/// What the thread of a window notices of a save of 256 MiB.
bool savesInTheBackground(const QStringList &folders)
{
    const QByteArray bytes(256 << 20, 'x');
    const QString path = folders.front() + QStringLiteral("/document");
    AtomicFile file(path);
    Gaps gaps;
    gaps.start();
    const AtomicFileResult saved = waitFor(file, bytes);
    report(QStringLiteral("gap of the event loop, AtomicFile"), gaps.stop());

    std::vector<double> calls;
    for (int i = 0; i < 200; ++i) {
        calls.push_back(secondsOf([&] { file.write(bytes); }));
        file.cancel(); // The call is what is measured here.
    }
    AtomicFile::waitForPending();
    std::sort(calls.begin(), calls.end());
    report(QStringLiteral("call, median"), calls[calls.size() / 2]);
    report(QStringLiteral("call, 99th percentile"), calls[calls.size() * 99 / 100]);

    bool ok = false;
    report(QStringLiteral("gap of the event loop, QSaveFile"), secondsOf([&] {
               QSaveFile other(folders.front() + QStringLiteral("/other"));
               ok = other.open(QIODevice::WriteOnly) && other.write(bytes) == bytes.size()
                   && other.commit();
           }));
    return saved && ok;
}

/// A document that somebody saves now and then, while a batch of 10,000 files is written.
bool savesBesideABatch(const QStringList &folders)
{
    const QByteArray bytes(4096, 'x');
    const QString path = folders.front() + QStringLiteral("/document");
    bool ok = true;
    const auto save = [&] {
        return secondsOf([&] { ok = AtomicFile::writeFile(path, bytes).result() && ok; });
    };
    std::vector<double> idle(51);
    std::generate(idle.begin(), idle.end(), save);

    AtomicFileBatch batch;
    for (int i = 0; i < 10'000; ++i)
        batch.write(QStringLiteral("%1/%2").arg(folders.front()).arg(i), bytes);
    QFuture<QList<AtomicFileResult>> running = batch.commit();
    std::vector<double> beside;
    while (!running.isFinished())
        beside.push_back(save());
    const QList<AtomicFileResult> results = running.result();
    ok = ok && beside.size() > 2
        && std::all_of(results.begin(), results.end(),
                       [](const AtomicFileResult &result) { return static_cast<bool>(result); });
    std::sort(idle.begin(), idle.end());
    std::sort(beside.begin(), beside.end());
    report(QStringLiteral("save while idle"), idle[idle.size() / 2]);
    report(QStringLiteral("save beside a batch"), beside[beside.size() / 2]);
    report(QStringLiteral("save beside a batch, longest"), beside.back());
    report(QStringLiteral("saves beside a batch"), static_cast<double>(beside.size()));
    return ok;
}
