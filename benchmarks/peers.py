# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""The programs that are compared. Each runs all the time and saves when it is told to."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

here = Path(__file__).parent / 'peers'


class Peer:
    """One way of saving: its name in tables, and the command that saves in this way."""

    def __init__(self, name, command, sync=''):
        self.name = name
        self.command = [str(word) for word in command]
        self.sync = sync  # What it syncs: 'content and name', 'content' or 'nothing'
        self.process = None

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)

    def save(self, folder, count, size):
        """Seconds that it took to save that many files of that many bytes."""
        print(folder, count, size, sep='\t', file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer.strip().isdigit():
            raise SystemExit(f'{self.name} failed in {folder}: {answer.strip()}')
        return int(answer) / 1e9

    def stop(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit(f'{self.name} ended with {self.process.returncode}')

    def system_calls(self, folder, size):
        """How many calls that concern files one more save of an existing file takes."""
        counts = []
        for saves in (3, 4):
            with tempfile.NamedTemporaryFile('r') as trace:
                subprocess.run(['strace', '-f', '-qq', '-e', 'trace=%file,%desc', '-o', trace.name,
                                *self.command], input=f'{folder}\t1\t{size}\n' * saves, text=True,
                               stdout=subprocess.DEVNULL, check=True)
                counts.append(sum(self._is_of_save(line) for line in trace))
        return counts[1] - counts[0]

    @staticmethod
    def _is_of_save(line):
        # Not what wakes an event loop, nor what talks to this program, nor what takes memory, nor the
        # end of a call that has been counted.
        call = re.match(r'\d+ +(\w+)\((\d*)', line)
        return bool(call) and call[1] not in ('poll', 'ppoll', 'epoll_wait', 'epoll_pwait', 'mmap') \
            and not (call[1] in ('read', 'write') and call[2] in ('0', '1'))


def all_peers(build, node_modules):
    """Those that are there, and why others are not."""
    content, name, nothing = 'content', 'content and name', 'nothing'
    qt = build / 'benchmark_peer_qt'
    peers = [
        Peer('bare system calls', [build / 'benchmark_peer_calls', 'bare'], name),
        Peer('bare, and the version', [build / 'benchmark_peer_calls', 'version'], name),
        Peer('bare, and 100 µs', [build / 'benchmark_peer_calls', 'pausing'], name),
        Peer('our calls, bare', [build / 'benchmark_peer_calls', 'all'], name),
        Peer('the same on a thread', [build / 'benchmark_peer_calls', 'elsewhere'], name),
        Peer('AtomicFileDevice', [qt, 'atomicfile-device'], name),
        Peer('AtomicFile::writeFile', [qt, 'atomicfile-write'], name),
        Peer('AtomicFile, all at once', [qt, 'atomicfile-writes'], name),
        Peer('AtomicFileBatch', [qt, 'atomicfile-batch'], name),
        Peer('QSaveFile', [qt, 'qsavefile'], content),
        Peer('QFile, not atomic', [qt, 'qfile'], nothing),
    ]
    missing = []
    glib = build / 'benchmark_peer_glib'
    if glib.exists():
        peers += [Peer('GLib', [glib, 'glib'], content), Peer('GLib, durable', [glib, 'glib-durable'], name),
                  Peer('GIO', [glib, 'gio'], content)]
    else:
        missing.append('GLib and GIO: not built, there is no libglib2.0-dev')
    module = node_modules / 'write-file-atomic'
    if module.exists() and shutil.which('node'):
        peers.append(Peer('write-file-atomic', ['node', here / 'peer_node.js', module], content))
    else:
        missing.append('write-file-atomic: needs Node.js and the package')
    if subprocess.run(['/usr/bin/python3', '-c', 'import atomicwrites'],
                      stderr=subprocess.DEVNULL).returncode == 0:
        peers.append(Peer('python-atomicwrites', ['/usr/bin/python3', here / 'peer_python.py'], name))
    else:
        missing.append('python-atomicwrites: needs python3-atomicwrites')
    go = build / 'benchmark_peer_go'
    if shutil.which('go'):
        source = '/usr/share/gocode/src/github.com/google/renameio'
        if Path(source).exists():
            subprocess.run(['go', 'build', '-o', go, here / 'peer_go.go'], check=True,
                           env={**os.environ, 'GO111MODULE': 'off', 'GOPATH': '/usr/share/gocode',
                                'GOCACHE': str(build / 'go-cache')})
    if go.exists():
        peers.append(Peer('renameio', [go], content))
    else:
        missing.append('renameio: needs golang-go and golang-github-google-renameio-dev')
    return peers, missing
