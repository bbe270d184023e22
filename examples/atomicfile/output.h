// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include "arguments.h"
#include "exit_status.h"

#include <QFile>

/// Everything that the program says: results on standard output, errors and the progress bar on
/// standard error. Used by one thread.
class Output
{
public:
    explicit Output(const Arguments &arguments);
    ~Output();
    Output(const Output &) = delete;
    Output &operator=(const Output &) = delete;

    /// Draws the progress bar if standard error is a terminal. total is -1 where it is unknown.
    void progress(qint64 done, qint64 total);
    /// Prints the result of one operation and says which exit status it asks for.
    ExitStatus report(const AtomicFileResult &result, const QString &source, const QString &target);
    /// Prints a failure of which no result tells: the target was not touched.
    ExitStatus fail(AtomicFileResult::Error reason, const QString &message, const QString &source,
                    const QString &target);
    /// Prints what was removed and what could not be.
    ExitStatus swept(const QString &directory, const QStringList &removed,
                     const QStringList &failures);
    void version(const QString &path, const AtomicFileVersion &version);
    /// A change of a watched file; a null version means that it is gone.
    void changed(const QString &path, const AtomicFileVersion &version);
    /// One line on standard error.
    void error(const QString &message);
    void line(const QString &text);

private:
    enum class Bar { Never, Hidden, Shown };

    void clearBar();
    QJsonObject described(const AtomicFileResult &result, const QString &source,
                          const QString &target) const;
    void json(const QJsonObject &object);

    Command m_command;
    Format m_format;
    Verbosity m_verbosity;
    QFile m_out;
    QFile m_errors;
    Bar m_bar = Bar::Never;
};

/// The exit status that a result asks for.
ExitStatus exitStatusOf(const AtomicFileResult &result);
