#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""Checks that the layers of the library include downwards only.

    check_layers.py SOURCE_ROOT [QTCORE_INCLUDE_DIRECTORY]

Prints one line for each violation; exits 1 if there is one, 2 if there was nothing to check. With the
folder of Qt Core's headers, a Qt header that the public headers include must lie in it.
"""

import os
import re
import sys

STD_HEADERS = frozenset("""
    algorithm any array atomic barrier bit bitset cassert cctype cerrno cfloat charconv chrono cinttypes
    climits clocale cmath codecvt compare complex concepts condition_variable coroutine csetjmp csignal
    cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception execution
    filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream
    iterator latch limits list locale map memory memory_resource mutex new numbers numeric optional ostream
    queue random ranges ratio regex scoped_allocator semaphore set shared_mutex source_location span
    sstream stack stdexcept stop_token streambuf string string_view strstream syncstream system_error
    thread tuple type_traits typeindex typeinfo unordered_map unordered_set utility valarray variant vector
    version
""".split())

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
PLATFORM_CONDITION = re.compile(
    r"^\s*#\s*(?:if|ifdef|ifndef|elif)\b.*"
    r"(?:\bQ_OS_|\b_WIN32\b|\b_WIN64\b|\b__linux|\b__APPLE__\b|\b__unix|\b__FreeBSD__\b|\b_MSC_VER\b)")
SOURCE_SUFFIXES = (".h", ".cpp", ".mm", ".in")

# What each layer may include besides the standard library; the first matching folder counts.
LAYERS = (
    ("platform/posix", frozenset({"os", "platform", "platform/posix"})),
    ("platform/windows", frozenset({"os", "platform", "platform/windows"})),
    ("platform", frozenset({"platform"})),
    ("src/core", frozenset({"platform", "src/core"})),
    ("src/async", frozenset({"qt", "platform", "src/core", "src/async"})),
    ("src", frozenset({"qt", "public", "platform", "src/core", "src/async", "src"})),
    ("include", frozenset({"qt", "public"})),
    ("examples", frozenset({"qt", "public", "own"})),
)
# A public header without a suffix, as in <AtomicFile/AtomicFile>.
FOLDERS = ("platform", "src", "include", "examples")


def layer_of(path):
    """The first layer whose folder holds path (relative to the root)."""
    for folder, allowed in LAYERS:
        if path.startswith(folder + "/"):
            return folder, allowed
    return None, frozenset()


def folder_kind(path):
    """Which layer a header that exists at path belongs to, in the words of LAYERS."""
    folder, _ = layer_of(path)
    return {"include": "public", "examples": "own"}.get(folder, folder)


def resolve(root, including, bracket, name):
    """Says what an included name is: "std", "qt", "os", "public", a layer, or None if unknown."""
    if bracket == "<":
        if name.startswith("AtomicFile/"):
            return "public"
        if name in STD_HEADERS:
            return "std"
        if re.match(r"Q[A-Z]|Qt[A-Z]\w*/|q[a-z]+\.h$|private/q", name):
            return "qt"
        return "os"
    candidates = [os.path.normpath(os.path.join(os.path.dirname(including), name)),
                  os.path.normpath(name),
                  os.path.normpath(os.path.join("src", name))]
    for candidate in candidates:
        if os.path.isfile(os.path.join(root, candidate)):
            return folder_kind(candidate)
    if name.endswith(".moc") or os.path.basename(name).startswith("moc_"):
        return "qt"
    return None


def qt_header_is_core(name, qtcore):
    if "/" in name:
        return name.startswith("QtCore/")
    return os.path.exists(os.path.join(qtcore, name))


def check_file(root, path, qtcore):
    layer, allowed = layer_of(path)
    if layer == "examples" and path.endswith("_win.cpp"):
        allowed = allowed | {"os"}  # Neither the standard nor Qt sets a stream's mode there.
    violations = []
    with open(os.path.join(root, path), encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{path}:{number}"
            if not path.startswith("platform/") and PLATFORM_CONDITION.match(line):
                violations.append(f"{where}: platform conditional outside platform/: {line.strip()}")
            found = INCLUDE.match(line)
            if not found:
                continue
            kind = resolve(root, path, found[1], found[2])
            if kind is None:
                violations.append(f"{where}: {found[2]} is no header of this project")
            elif kind != "std" and kind not in allowed:
                violations.append(f"{where}: {layer} must not include {found[2]} ({kind})")
            elif kind == "qt" and layer == "include" and qtcore \
                    and not qt_header_is_core(found[2], qtcore):
                violations.append(f"{where}: {found[2]} is not a header of Qt Core")
    return violations


def source_files(root):
    for folder in FOLDERS:
        for directory, _, names in os.walk(os.path.join(root, folder)):
            for name in sorted(names):
                if name.endswith(SOURCE_SUFFIXES) or (folder == "include" and "." not in name):
                    yield os.path.relpath(os.path.join(directory, name), root)


def test_conditionals(root):
    """Tests may use the system directly, but a platform conditional hides what is not tested."""
    violations = []
    for directory, _, names in os.walk(os.path.join(root, "tests")):
        for name in sorted(names):
            if name.endswith((".h", ".cpp")):
                path = os.path.relpath(os.path.join(directory, name), root)
                with open(os.path.join(root, path), encoding="utf-8") as lines:
                    violations += [f"{path}:{number}: platform conditional outside platform/"
                                   for number, line in enumerate(lines, 1)
                                   if PLATFORM_CONDITION.match(line)]
    return violations


def main(arguments):
    root = arguments[0]
    qtcore = arguments[1] if len(arguments) > 1 else None
    files = list(source_files(root))
    if not files:
        print(f"{root}: no sources found")
        return 2
    violations = [line for path in files for line in check_file(root, path, qtcore)]
    violations += test_conditionals(root)
    for line in violations:
        print(line)
    print(f"{len(files)} files checked, {len(violations)} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
