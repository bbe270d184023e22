// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "arguments.h"

#include <QCommandLineParser>
#include <QMetaEnum>

#include <array>

namespace {

struct NamedCommand
{
    Command command;
    const char *name;
    const char *paths;
    qsizetype fewestPaths;
    qsizetype mostPaths; // -1: any number
};

constexpr std::array commands = {
    NamedCommand{Command::Write, "write", "TARGET", 1, 1},
    NamedCommand{Command::Copy, "copy", "SOURCE... DESTINATION", 2, -1},
    NamedCommand{Command::Move, "move", "SOURCE... DESTINATION", 2, -1},
    NamedCommand{Command::Sweep, "sweep", "DIRECTORY", 1, 1},
    NamedCommand{Command::VersionOf, "version-of", "PATH", 1, 1},
};

constexpr auto description =
    "Replaces, moves and copies files so that a reader, a crash or a power cut never meets half a "
    "file.\n\n"
    "  atomicfile write TARGET                  make standard input the content of TARGET\n"
    "  atomicfile copy SOURCE... DESTINATION    copy files, into DESTINATION if it is a directory\n"
    "  atomicfile move SOURCE... DESTINATION    move files, across file systems too\n"
    "  atomicfile sweep DIRECTORY               remove staged files that a crash left there\n"
    "  atomicfile version-of PATH               print the version of a file, for "
    "--expect-version\n\n"
    "Exit status: 0 done; 1 failed, the target is unchanged; 2 wrong usage; 3 the target is not "
    "the "
    "expected version; 4 replaced but not durable, or moved but the source is still there; 5 the "
    "old "
    "and the new file both lie under other names; 130 interrupted, the target is unchanged.";

// The options are declared once, so that reading one cannot misspell it.
struct CommandLine
{
    QCommandLineOption durability{
        QStringLiteral("durability"),
        QStringLiteral("What survives a power cut: none, consistent (the old or the new file) or "
                       "durable (the new file; the default)."),
        QStringLiteral("level")};
    QCommandLineOption existing{
        QStringLiteral("existing"),
        QStringLiteral("What may stand at the target: replace (anything; the default), create-new "
                       "(nothing) or must-exist."),
        QStringLiteral("policy")};
    QCommandLineOption symlinks{
        QStringLiteral("symlinks"),
        QStringLiteral("A symbolic link as target: follow (the default), replace or refuse."),
        QStringLiteral("policy")};
    QCommandLineOption expectVersion{
        QStringLiteral("expect-version"),
        QStringLiteral("Go on only if the target still is this version, as version-of printed it."),
        QStringLiteral("version")};
    QCommandLineOption mode{QStringLiteral("mode"),
                            QStringLiteral("Permissions of the new file, octal, for example 0640."),
                            QStringLiteral("mode")};
    QCommandLineOption busyTimeout{
        QStringLiteral("busy-timeout"),
        QStringLiteral("How long to retry while another program holds the target (2000)."),
        QStringLiteral("milliseconds")};
    QCommandLineOption json{QStringLiteral("json"),
                            QStringLiteral("Print each result as one line of JSON.")};
    QCommandLineOption quiet{{QStringLiteral("q"), QStringLiteral("quiet")},
                             QStringLiteral("Print errors only, and what --json asks for.")};
    QCommandLineOption help{{QStringLiteral("h"), QStringLiteral("help")},
                            QStringLiteral("Print this text.")};
    QCommandLineOption version{{QStringLiteral("v"), QStringLiteral("version")},
                               QStringLiteral("Print the version of the program.")};
    QCommandLineParser parser;

    CommandLine()
    {
        parser.setApplicationDescription(QString::fromUtf8(description));
        parser.addOptions({durability, existing, symlinks, expectVersion, mode, busyTimeout, json,
                           quiet, help, version});
        parser.addPositionalArgument(QStringLiteral("command"),
                                     QStringLiteral("write, copy, move, sweep or version-of"));
        parser.addPositionalArgument(QStringLiteral("paths"), QStringLiteral("what it works on"),
                                     QStringLiteral("paths..."));
    }
};

/// "MustExist" as the command line spells it: "must-exist".
QString dashed(const char *enumerator)
{
    QString word;
    for (const QChar c : QString::fromLatin1(enumerator)) {
        if (c.isUpper() && !word.isEmpty())
            word += QLatin1Char('-');
        word += c.toLower();
    }
    return word;
}

/// Sets a member of the options from the dashed name of one of its enumerators.
template<typename Enum>
std::optional<UsageError> readEnum(const QCommandLineParser &parser,
                                   const QCommandLineOption &option, Enum &member)
{
    if (!parser.isSet(option))
        return {};
    const QString word = parser.value(option);
    const auto meta = QMetaEnum::fromType<Enum>();
    QStringList words;
    for (int i = 0; i < meta.keyCount(); ++i) {
        words += dashed(meta.key(i));
        if (words.constLast() == word) {
            member = static_cast<Enum>(meta.value(i));
            return {};
        }
    }
    return UsageError{
        QStringLiteral("--%1 takes one of %2, not \"%3\"")
            .arg(option.names().constFirst(), words.join(QStringLiteral(", ")), word)};
}

QFileDevice::Permissions permissionsOf(uint mode)
{
    struct Bit
    {
        uint bit;
        QFileDevice::Permission permission;
    };
    constexpr std::array bits = {
        Bit{0400, QFileDevice::ReadOwner},  Bit{0200, QFileDevice::WriteOwner},
        Bit{0100, QFileDevice::ExeOwner},   Bit{0040, QFileDevice::ReadGroup},
        Bit{0020, QFileDevice::WriteGroup}, Bit{0010, QFileDevice::ExeGroup},
        Bit{0004, QFileDevice::ReadOther},  Bit{0002, QFileDevice::WriteOther},
        Bit{0001, QFileDevice::ExeOther},
    };
    QFileDevice::Permissions permissions;
    for (const Bit &bit : bits)
        permissions.setFlag(bit.permission, (mode & bit.bit) != 0);
    return permissions;
}

std::optional<UsageError> readOptions(const CommandLine &line, AtomicFileOptions &options)
{
    const QCommandLineParser &parser = line.parser;
    if (auto error = readEnum(parser, line.durability, options.durability))
        return error;
    if (auto error = readEnum(parser, line.existing, options.existing))
        return error;
    if (auto error = readEnum(parser, line.symlinks, options.symlinks))
        return error;

    bool ok = true;
    if (parser.isSet(line.mode)) {
        const uint mode = parser.value(line.mode).toUInt(&ok, 8);
        if (!ok || mode > 0777)
            return UsageError{QStringLiteral("--mode takes an octal number up to 0777")};
        options.permissions = permissionsOf(mode);
    }
    if (parser.isSet(line.busyTimeout)) {
        const int milliseconds = parser.value(line.busyTimeout).toInt(&ok);
        if (!ok || milliseconds < 0)
            return UsageError{QStringLiteral("--busy-timeout takes a number of milliseconds")};
        options.busyTimeout = std::chrono::milliseconds(milliseconds);
    }
    if (parser.isSet(line.expectVersion)) {
        const auto version = AtomicFileVersion::fromString(parser.value(line.expectVersion));
        if (!version)
            return UsageError{QStringLiteral("--expect-version takes what version-of prints")};
        options.expectedVersion = *version;
    }
    return {};
}

std::optional<UsageError> readCommand(QStringList words, Arguments &arguments)
{
    if (words.isEmpty())
        return UsageError{QStringLiteral("a command is missing; see --help")};
    const QString word = words.takeFirst();
    for (const NamedCommand &named : commands) {
        if (word != QLatin1String(named.name))
            continue;
        arguments.command = named.command;
        arguments.paths = words;
        const bool fits = words.size() >= named.fewestPaths
            && (named.mostPaths < 0 || words.size() <= named.mostPaths)
            && !words.contains(QString());
        if (fits)
            return {};
        return UsageError{
            QStringLiteral("usage: atomicfile %1 %2").arg(word, QLatin1String(named.paths))};
    }
    return UsageError{QStringLiteral("there is no command \"%1\"; see --help").arg(word)};
}

} // namespace

std::variant<Arguments, Information, UsageError> parseArguments(const QStringList &commandLine)
{
    CommandLine line;
    if (!line.parser.parse(commandLine))
        return UsageError{line.parser.errorText()};
    if (line.parser.isSet(line.help))
        return Information{line.parser.helpText()};
    if (line.parser.isSet(line.version))
        return Information{
            QStringLiteral("atomicfile %1\n").arg(QStringLiteral(ATOMICFILE_VERSION))};

    Arguments arguments;
    if (auto error = readCommand(line.parser.positionalArguments(), arguments))
        return *error;
    if (auto error = readOptions(line, arguments.options))
        return *error;
    if (line.parser.isSet(line.json))
        arguments.format = Format::Json;
    if (line.parser.isSet(line.quiet))
        arguments.verbosity = Verbosity::Quiet;
    return arguments;
}

QString commandName(Command command)
{
    for (const NamedCommand &named : commands) {
        if (named.command == command)
            return QLatin1String(named.name);
    }
    Q_UNREACHABLE();
}
