// SPDX-FileCopyrightText: 2026 The AtomicFile authors
// SPDX-License-Identifier: MIT
#include "arguments.h"

#include <QCommandLineParser>
#include <QMetaEnum>

#include <algorithm>
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
    NamedCommand{Command::Append, "append", "TARGET", 1, 1},
    NamedCommand{Command::Copy, "copy", "SOURCE... DESTINATION", 2, -1},
    NamedCommand{Command::Move, "move", "SOURCE... DESTINATION", 2, -1},
    NamedCommand{Command::Sweep, "sweep", "DIRECTORY", 1, 1},
    NamedCommand{Command::VersionOf, "version-of", "PATH", 1, 1},
    NamedCommand{Command::Watch, "watch", "PATH", 1, 1},
};

constexpr auto description =
    "Replaces, moves and copies files so that a reader, a crash or a power cut never meets half a "
    "file.\n\n"
    "  atomicfile write TARGET                  make standard input the content of TARGET\n"
    "  atomicfile append TARGET                 add standard input to the content of TARGET\n"
    "  atomicfile copy SOURCE... DESTINATION    copy files, into DESTINATION if it is a directory\n"
    "  atomicfile move SOURCE... DESTINATION    move files, across file systems too\n"
    "  atomicfile sweep DIRECTORY               remove staged files that a crash left there\n"
    "  atomicfile version-of PATH               print the version of a file, for "
    "--expect-version\n"
    "  atomicfile watch PATH                    print a line for each change by another program:\n"
    "                                           \"changed VERSION\" or \"removed\"\n\n"
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
    QCommandLineOption hardLinks{
        QStringLiteral("hard-links"),
        QStringLiteral(
            "A target with further names: break (it becomes a file of its own; the "
            "default), refuse or in-place (all names get the new content, not atomically)."),
        QStringLiteral("policy")};
    QCommandLineOption metadata{
        QStringLiteral("metadata"),
        QStringLiteral("Owner, permissions and the like of the replaced file: preserve (the "
                       "default) or fresh (as for a new file)."),
        QStringLiteral("policy")};
    QCommandLineOption inPlace{
        QStringLiteral("in-place"),
        QStringLiteral("Write into the target where it cannot be replaced, which is not atomic: "
                       "never (the default) or when-impossible."),
        QStringLiteral("policy")};
    QCommandLineOption unchanged{
        QStringLiteral("unchanged"),
        QStringLiteral("Content that the target already has: rewrite (the default) or skip."),
        QStringLiteral("policy")};
    QCommandLineOption backup{
        QStringLiteral("backup"),
        QStringLiteral("Keep the replaced file as TARGET~, or with a number after \"=\" so many of "
                       "them, the newest as TARGET.~1~."),
        QStringLiteral("generations")};
    QCommandLineOption suffix{
        QStringLiteral("suffix"),
        QStringLiteral("Keep the replaced file, with this behind its name instead of ~."),
        QStringLiteral("suffix")};
    QCommandLineOption expectVersion{
        QStringLiteral("expect-version"),
        QStringLiteral("Go on only if the target still is this version, as version-of printed it. "
                       "For watch: any other version is a change."),
        QStringLiteral("version")};
    QCommandLineOption mode{QStringLiteral("mode"),
                            QStringLiteral("Permissions of the new file, octal, for example 0640."),
                            QStringLiteral("mode")};
    QCommandLineOption busyTimeout{
        QStringLiteral("busy-timeout"),
        QStringLiteral("How long to retry while another program holds the target (2000)."),
        QStringLiteral("milliseconds")};
    QCommandLineOption count{
        QStringLiteral("count"),
        QStringLiteral("End watching after so many changes; without it, Ctrl-C ends it."),
        QStringLiteral("number")};
    QCommandLineOption once{QStringLiteral("once"),
                            QStringLiteral("End watching after the first change.")};
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
        parser.addOptions({durability, existing, symlinks, hardLinks, metadata, inPlace, unchanged,
                           backup, suffix, expectVersion, mode, busyTimeout, count, once, json,
                           quiet, help, version});
        parser.addPositionalArgument(
            QStringLiteral("command"),
            QStringLiteral("write, append, copy, move, sweep, version-of or "
                           "watch"));
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

/// The word for an enumerator: shorter where the option says what it is about.
QString wordFor(const char *enumerator)
{
    QString word = dashed(enumerator);
    if (word == QLatin1String("write-in-place"))
        return QStringLiteral("in-place");
    if (word == QLatin1String("when-replace-impossible"))
        return QStringLiteral("when-impossible");
    return word;
}

/// Sets a member of the options from the word for one of its enumerators.
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
        words += wordFor(meta.key(i));
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

std::optional<UsageError> readPolicies(const CommandLine &line, AtomicFileOptions &options)
{
    const QCommandLineParser &parser = line.parser;
    if (auto error = readEnum(parser, line.durability, options.durability))
        return error;
    if (auto error = readEnum(parser, line.existing, options.existing))
        return error;
    if (auto error = readEnum(parser, line.symlinks, options.symlinks))
        return error;
    if (auto error = readEnum(parser, line.hardLinks, options.hardLinks))
        return error;
    if (auto error = readEnum(parser, line.metadata, options.metadata))
        return error;
    if (auto error = readEnum(parser, line.inPlace, options.inPlace))
        return error;
    return readEnum(parser, line.unchanged, options.unchanged);
}

/// A number from 1 on.
std::optional<UsageError> readCount(const QCommandLineParser &parser,
                                    const QCommandLineOption &option, int &count)
{
    if (!parser.isSet(option))
        return {};
    bool ok = true;
    count = parser.value(option).toInt(&ok);
    if (ok && count >= 1)
        return {};
    return UsageError{
        QStringLiteral("--%1 takes a number from 1 on").arg(option.names().constFirst())};
}

std::optional<UsageError> readBackup(const CommandLine &line, AtomicFileOptions::Backup &backup)
{
    if (auto error = readCount(line.parser, line.backup, backup.generations))
        return error;
    if (!line.parser.isSet(line.suffix))
        return {};
    backup.suffix = line.parser.value(line.suffix);
    if (backup.suffix.isEmpty() || backup.suffix.contains(QLatin1Char('/')))
        return UsageError{QStringLiteral("--suffix takes the end of a name")};
    backup.generations = std::max(backup.generations, 1); // as cp does
    return {};
}

std::optional<UsageError> readOptions(const CommandLine &line, AtomicFileOptions &options)
{
    const QCommandLineParser &parser = line.parser;
    if (auto error = readPolicies(line, options))
        return error;
    if (auto error = readBackup(line, options.backup))
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

/// The parser knows options with a value and options without, and no third kind.
QStringList withValueOfBackup(QStringList commandLine)
{
    for (QString &word : commandLine) {
        if (word == QLatin1String("--"))
            break;
        if (word == QLatin1String("--backup"))
            word = QStringLiteral("--backup=1");
    }
    return commandLine;
}

} // namespace

std::variant<Arguments, Information, UsageError> parseArguments(const QStringList &commandLine)
{
    CommandLine line;
    if (!line.parser.parse(withValueOfBackup(commandLine)))
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
    if (auto error = readCount(line.parser, line.count, arguments.changes))
        return *error;
    if (line.parser.isSet(line.once))
        arguments.changes = 1;
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
