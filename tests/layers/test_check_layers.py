#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""Shows that check_layers.py accepts a good tree and names each kind of violation in a bad one."""

import contextlib
import io
import os
import tempfile
import unittest

import check_layers

GOOD = {
    "platform/filesystem.h": "#include <cstdint>\n",
    "platform/posix/names_posix.cpp": '#include "platform/filesystem.h"\n#include <unistd.h>\n',
    "src/core/commit.cpp": '#include "commit.h"\n#include "platform/filesystem.h"\n',
    "src/core/commit.h": "#include <vector>\n",
    "src/async/executor.h": '#include "core/commit.h"\n#include <QThreadPool>\n',
    "src/atomicfile.cpp": '#include <AtomicFile/atomicfile.h>\n#include "async/executor.h"\n',
    "include/AtomicFile/atomicfile.h": "#include <QObject>\n#include <AtomicFile/other.h>\n",
    "include/AtomicFile/AtomicFile": "#include <AtomicFile/atomicfile.h>\n",
    "examples/save.cpp": "#include <AtomicFile/AtomicFile>\n#include <QCoreApplication>\n",
    "examples/streams_win.cpp": "#include <io.h>\n",
    "tests/tst_x.cpp": "#include <unistd.h>\n",
}

# One violation each: the file that gets an extra line, the line, a word of the message.
BAD = {
    "Qt in platform": ("platform/filesystem.h", "#include <QString>", "platform must not include"),
    "Qt in core": ("src/core/commit.h", "#include <QtCore/QString>", "src/core must not include"),
    "Qt by lower-case name in core": ("src/core/commit.h", "#include <qstring.h>", "(qt)"),
    "OS header in core": ("src/core/commit.cpp", "#include <sys/stat.h>", "(os)"),
    "OS header in the interface": ("platform/filesystem.h", "#include <fcntl.h>", "(os)"),
    "OS header in async": ("src/async/executor.h", "#include <pthread.h>", "(os)"),
    "OS header in the glue": ("src/atomicfile.cpp", "#include <windows.h>", "(os)"),
    "OS header in an example": ("examples/save.cpp", "#include <unistd.h>", "(os)"),
    "back-end from core": ("src/core/commit.cpp", '#include "platform/posix/names_posix.cpp"',
                           "(platform/posix)"),
    "back-end from the interface": ("platform/filesystem.h", '#include "posix/names_posix.cpp"',
                                    "(platform/posix)"),
    "core from platform": ("platform/posix/names_posix.cpp", '#include "core/commit.h"', "(src/core)"),
    "async from core": ("src/core/commit.cpp", '#include "async/executor.h"', "(src/async)"),
    "glue from async": ("src/async/executor.h", '#include "../atomicfile.cpp"', "(src)"),
    "public from core": ("src/core/commit.h", "#include <AtomicFile/atomicfile.h>", "(public)"),
    "private from public": ("include/AtomicFile/atomicfile.h", '#include "core/commit.h"',
                            "(src/core)"),
    "private from the header for everything": ("include/AtomicFile/AtomicFile",
                                               '#include "async/executor.h"', "(src/async)"),
    "Qt Widgets in public": ("include/AtomicFile/atomicfile.h", "#include <QWidget>",
                             "not a header of Qt Core"),
    "private from an example": ("examples/save.cpp", '#include "core/commit.h"', "(src/core)"),
    "conditional in the glue": ("src/atomicfile.cpp", "#ifdef Q_OS_WIN", "platform conditional"),
    "conditional in core": ("src/core/commit.cpp", "#  if defined(__APPLE__)", "platform conditional"),
    "conditional in a test": ("tests/tst_x.cpp", "#if !defined(_WIN32)", "platform conditional"),
    "unknown header": ("src/core/commit.cpp", '#include "nowhere.h"', "no header of this project"),
}


class CheckLayers(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = os.path.join(scratch.name, "tree")
        self.qtcore = os.path.join(scratch.name, "QtCore")
        os.makedirs(self.qtcore)
        for name in ("QObject", "QString"):
            self.write(os.path.join(self.qtcore, name), "")
        for path, text in GOOD.items():
            self.write(os.path.join(self.root, path), text)

    def write(self, path, text):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)

    def run_check(self):
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = check_layers.main([self.root, self.qtcore])
        return status, output.getvalue()

    def test_a_good_tree_passes(self):
        status, output = self.run_check()
        self.assertEqual(status, 0, output)
        self.assertIn("10 files checked, 0 violations", output)

    def test_each_violation_is_found(self):
        for name, (path, line, message) in BAD.items():
            with self.subTest(name):
                self.write(os.path.join(self.root, path), GOOD[path] + line + "\n")
                status, output = self.run_check()
                self.write(os.path.join(self.root, path), GOOD[path])
                self.assertEqual(status, 1, output)
                self.assertIn(f"{path}:{GOOD[path].count(chr(10)) + 1}: ", output)
                self.assertIn(message, output)
                self.assertIn(" 1 violations", output)

    def test_an_empty_tree_is_no_success(self):
        with tempfile.TemporaryDirectory() as empty, contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(check_layers.main([empty]), 2)


if __name__ == "__main__":
    unittest.main()
