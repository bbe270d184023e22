// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "output.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QMetaEnum>

#include <cstdio>
#include <filesystem>
#include <system_error>

namespace {

/// Standard C++ cannot ask whether a stream is a terminal. Where the system shows the streams of a
/// process as files, a character device other than the null device is as good an answer for a
/// progress bar; elsewhere there is no bar.
bool standardErrorIsTerminal()
{
    std::error_code error;
    const std::filesystem::path stream("/dev/fd/2");
    return std::filesystem::is_character_file(stream, error)
        && std::filesystem::canonical(stream, error) != "/dev/null";
}

template<typename Enum>
QString enumName(Enum value)
{
    return QString::fromLatin1(QMetaEnum::fromType<Enum>().valueToKey(static_cast<int>(value)));
}

QString readableSize(qint64 bytes) { return QLocale::c().formattedDataSize(bytes); }

QStringList lossNames(AtomicFileResult::Losses losses)
{
    QStringList names;
    const auto meta = QMetaEnum::fromType<AtomicFileResult::Losses>();
    for (int i = 0; i < meta.keyCount(); ++i) {
        const auto loss = static_cast<AtomicFileResult::Loss>(meta.value(i));
        if (loss != AtomicFileResult::NoLoss && losses.testFlag(loss))
            names += QString::fromLatin1(meta.key(i));
    }
    return names;
}

/// What a person wants to read of a success.
QString successText(const AtomicFileResult &result, const QString &source, const QString &target)
{
    QString text = source.isEmpty() ? target : QStringLiteral("%1 -> %2").arg(source, target);
    if (result.bytesWritten() > 0) // a move within a file system writes nothing
        text += QStringLiteral(", %1").arg(readableSize(result.bytesWritten()));
    if (!result.backupFileName().isEmpty())
        text += QStringLiteral(", old content in %1").arg(result.backupFileName());
    const QStringList lost = lossNames(result.losses());
    if (!lost.isEmpty())
        text += QStringLiteral(", could not keep: %1").arg(lost.join(QStringLiteral(", ")));
    return text + QStringLiteral(", version %1").arg(result.version().toString());
}

} // namespace

ExitStatus exitStatusOf(const AtomicFileResult &result)
{
    if (result)
        return ExitStatus::Done;
    switch (result.targetState()) {
    case AtomicFileResult::TargetState::Displaced:
        return ExitStatus::Displaced;
    case AtomicFileResult::TargetState::Replaced:
    case AtomicFileResult::TargetState::ReplacedNotDurable:
        return ExitStatus::Incomplete;
    case AtomicFileResult::TargetState::Unchanged:
        break;
    }
    if (result.error() == AtomicFileResult::Error::Conflict)
        return ExitStatus::Conflict;
    if (result.error() == AtomicFileResult::Error::Cancelled)
        return ExitStatus::Interrupted;
    return ExitStatus::Failed;
}

Output::Output(const Arguments &arguments)
    : m_command(arguments.command)
    , m_format(arguments.format)
    , m_verbosity(arguments.verbosity)
{
    // Opening a stream of the process cannot fail in any way that could still be told to anybody.
    (void)m_out.open(stdout, QIODevice::WriteOnly | QIODevice::Unbuffered);
    (void)m_errors.open(stderr, QIODevice::WriteOnly | QIODevice::Unbuffered);
    if (m_verbosity == Verbosity::Normal && m_format == Format::Text && standardErrorIsTerminal())
        m_bar = Bar::Hidden;
}

Output::~Output() { clearBar(); }

void Output::progress(qint64 done, qint64 total)
{
    if (m_bar == Bar::Never)
        return;
    QString bar = QStringLiteral("\r\033[K%1").arg(readableSize(done));
    if (total > 0) {
        constexpr int width = 40;
        const int filled = static_cast<int>(width * qMin(done, total) / total);
        bar += QStringLiteral(" of %1 [%2%3]")
                   .arg(readableSize(total), QString(filled, QLatin1Char('#')),
                        QString(width - filled, QLatin1Char(' ')));
    }
    m_errors.write(bar.toLocal8Bit());
    m_bar = Bar::Shown;
}

void Output::clearBar()
{
    if (m_bar != Bar::Shown)
        return;
    m_errors.write("\r\033[K");
    m_bar = Bar::Hidden;
}

ExitStatus Output::report(const AtomicFileResult &result, const QString &source,
                          const QString &target)
{
    if (m_format == Format::Json) {
        json(described(result, source, target));
    } else if (result) {
        line(successText(result, source, target));
    }
    if (!result)
        error(result.errorString());
    return exitStatusOf(result);
}

ExitStatus Output::fail(AtomicFileResult::Error reason, const QString &message,
                        const QString &source, const QString &target)
{
    if (m_format == Format::Json) {
        QJsonObject object = described({}, source, target);
        object.insert(QStringLiteral("fileName"), target);
        object.insert(QStringLiteral("ok"), false);
        object.insert(QStringLiteral("error"), enumName(reason));
        object.insert(QStringLiteral("message"), message);
        json(object);
    }
    error(message);
    return ExitStatus::Failed;
}

QJsonObject Output::described(const AtomicFileResult &result, const QString &source,
                              const QString &target) const
{
    QJsonObject object{
        {QStringLiteral("command"), commandName(m_command)},
        {QStringLiteral("target"), target},
        {QStringLiteral("fileName"), result.fileName()},
        {QStringLiteral("ok"), static_cast<bool>(result)},
        {QStringLiteral("error"), enumName(result.error())},
        {QStringLiteral("step"), enumName(result.step())},
        {QStringLiteral("targetState"), enumName(result.targetState())},
        {QStringLiteral("bytesWritten"), result.bytesWritten()},
        {QStringLiteral("attempts"), result.attempts()},
        {QStringLiteral("nativeError"), static_cast<qint64>(result.nativeError())},
        {QStringLiteral("version"), result.version().toString()},
        {QStringLiteral("losses"), QJsonArray::fromStringList(lossNames(result.losses()))},
        {QStringLiteral("retainedFiles"), QJsonArray::fromStringList(result.retainedFiles())},
    };
    if (!result.backupFileName().isEmpty())
        object.insert(QStringLiteral("backupFileName"), result.backupFileName());
    if (!source.isEmpty())
        object.insert(QStringLiteral("source"), source);
    if (!result)
        object.insert(QStringLiteral("message"), result.errorString());
    return object;
}

ExitStatus Output::swept(const QString &directory, const QStringList &removed,
                         const QStringList &failures)
{
    if (m_format == Format::Json) {
        QJsonObject object{{QStringLiteral("command"), commandName(m_command)},
                           {QStringLiteral("directory"), directory},
                           {QStringLiteral("ok"), failures.isEmpty()},
                           {QStringLiteral("removed"), QJsonArray::fromStringList(removed)}};
        if (!failures.isEmpty())
            object.insert(QStringLiteral("message"), failures.join(QLatin1Char(' ')));
        json(object);
    } else {
        for (const QString &path : removed)
            line(QStringLiteral("removed %1").arg(path));
    }
    for (const QString &failure : failures)
        error(failure);
    return failures.isEmpty() ? ExitStatus::Done : ExitStatus::Failed;
}

void Output::version(const QString &path, const AtomicFileVersion &version)
{
    if (m_format == Format::Json) {
        json({{QStringLiteral("command"), commandName(m_command)},
              {QStringLiteral("path"), path},
              {QStringLiteral("exists"), !version.isNull()},
              {QStringLiteral("version"), version.toString()}});
        return;
    }
    // The version is what was asked for: --quiet does not swallow it.
    m_out.write(version.toString().toUtf8() + '\n');
}

void Output::changed(const QString &path, const AtomicFileVersion &version)
{
    if (m_format == Format::Json) {
        json({{QStringLiteral("command"), commandName(m_command)},
              {QStringLiteral("path"), path},
              {QStringLiteral("exists"), !version.isNull()},
              {QStringLiteral("version"), version.toString()}});
    } else {
        // What was asked for, as with a version.
        m_out.write(version.isNull() ? QByteArray("removed\n")
                                     : "changed " + version.toString().toUtf8() + '\n');
    }
    m_out.flush(); // The C library keeps what goes to a pipe until the program ends.
}

void Output::json(const QJsonObject &object)
{
    clearBar();
    // Whoever asks for JSON means to get it: --quiet is about what a person reads.
    m_out.write(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

void Output::error(const QString &message)
{
    clearBar();
    QString flat = message;
    flat.replace(QLatin1Char('\n'), QLatin1Char(' '));
    m_errors.write("atomicfile: " + flat.toLocal8Bit() + '\n');
}

void Output::line(const QString &text)
{
    clearBar();
    if (m_verbosity == Verbosity::Normal)
        m_out.write(text.toLocal8Bit() + '\n');
}
