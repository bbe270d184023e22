// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#pragma once

#include <AtomicFile/AtomicFile>

#include <QString>
#include <QStringList>

#include <variant>

enum class Command { Write, Append, Copy, Move, Sweep, VersionOf, Watch };
enum class Format { Text, Json };
enum class Verbosity { Normal, Quiet };

/// A command line that makes sense.
struct Arguments
{
    Command command = Command::Write;
    QStringList paths;
    AtomicFileOptions options;
    int changes = 0; ///< after so many watching ends; 0: after none
    Format format = Format::Text;
    Verbosity verbosity = Verbosity::Normal;
};

/// What the user asked to be told: the help text or the version.
struct Information
{
    QString text;
};

struct UsageError
{
    QString message;
};

/// Reads a command line; the first argument is the name of the program.
std::variant<Arguments, Information, UsageError> parseArguments(const QStringList &commandLine);

/// The word of the command line for a command.
QString commandName(Command command);
