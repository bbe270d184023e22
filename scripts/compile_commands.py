# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""The files of a build, for the scripts that look at each of them with another program."""

import concurrent.futures
import json
import os
import re
import shlex
import sys


def sources(database, folders):
    """The entries of compile_commands.json for sources in these folders, without generated ones."""
    root = os.getcwd()
    wanted = re.compile(rf"({'|'.join(folders)})/.*\.cpp$")
    by_name = {os.path.relpath(entry["file"], root): entry for entry in json.load(open(database))}
    found = [entry for name, entry in sorted(by_name.items()) if wanted.match(name)]
    if not found:
        sys.exit(f"{database}: nothing to look at")
    return found


def arguments(entry):
    """What the compiler is told, but for what to make and where to put it: [compiler, argument...]."""
    words = shlex.split(entry["command"])
    if os.path.basename(words[0]) == "ccache":
        del words[0]
    output = words.index("-o")
    del words[output:output + 2]
    words.remove("-c")
    return words


def look_at_all(entries, look_at, jobs):
    """Prints what look_at says of each entry, (text, status), and ends with the first bad status."""
    status = 0
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for said, failed in pool.map(look_at, entries):
            sys.stdout.write(said)
            status = status or failed
    print(f"-- looked at {len(entries)} files")
    sys.exit(status)
