# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""Where it is measured: folders on disks, some of which are made for it."""

import contextlib
import os
import subprocess
import time
from pathlib import Path


class Disk:
    def __init__(self, name, folder):
        self.name = name
        self.folder = Path(folder)
        device = os.stat(folder).st_dev
        self._statistics = Path(f'/sys/dev/block/{os.major(device)}:{os.minor(device)}/stat')
        if not self._statistics.exists():  # btrfs numbers its volumes by itself
            source = subprocess.run(['findmnt', '-no', 'SOURCE', '-T', folder], text=True,
                                    capture_output=True, check=True).stdout.split('[')[0].strip()
            self._statistics = Path('/sys/class/block', Path(source).name, 'stat')

    def flushes(self):
        """How often the device has been told so far to empty its cache, whoever asked."""
        if not self._statistics.exists():
            return 0
        fields = self._statistics.read_text().split()
        return int(fields[15]) if len(fields) > 15 else 0


def file_system_of(folder):
    return subprocess.run(['findmnt', '-no', 'FSTYPE', '-T', folder], text=True, capture_output=True,
                          check=True).stdout.strip()


def _run(*command):
    return subprocess.run([str(word) for word in command], check=True, text=True,
                          capture_output=True).stdout.strip()


@contextlib.contextmanager
def _mounted(image, kind, scratch):
    """A file system on an image, which is gone afterwards."""
    _run(f'mkfs.{kind}', *(['-q'] if kind != 'btrfs' else []), image)
    device = _run('losetup', '--find', '--show', image)
    folder = scratch / f'on-{image.name}'
    folder.mkdir()
    try:
        _run('mount', '-t', kind, device, folder)
        try:
            yield folder
        finally:
            _run('umount', folder)
    finally:
        _run('losetup', '--detach', device)


@contextlib.contextmanager
def on_image(kind, scratch, size):
    image = scratch / f'{kind}.image'
    with open(image, 'wb') as file:
        file.truncate(size)
    try:
        with _mounted(image, kind, scratch) as folder:
            yield Disk(kind, folder)
    finally:
        image.unlink()


@contextlib.contextmanager
def with_slow_flushes(program, milliseconds, scratch, size):
    """ext4 on a device that takes that long for each flush, whatever there is to flush."""
    folder = scratch / 'slow'
    folder.mkdir()
    backing = scratch / 'slow.backing'
    with open(backing, 'wb') as file:
        file.truncate(size)
    server = subprocess.Popen([program, str(milliseconds), backing, folder])
    try:
        image = folder / 'disk'
        for _ in range(500):
            if image.exists():
                break
            time.sleep(0.01)
        with _mounted(image, 'ext4', scratch) as mounted:
            yield Disk(f'ext4, flushes of {milliseconds} ms', mounted)
    finally:
        _run('umount', folder)
        server.wait()
        backing.unlink()


class FarServer:
    """A folder on a file server behind sshfs."""

    def __init__(self, folder, seconds, log):
        self.name = f'sshfs, {seconds * 1000:g} ms away'
        self.folder = folder
        self.round_trip = seconds
        self._log = log

    def requests(self):
        """How many requests the server has had so far."""
        return len(self._log.read_text().splitlines())


@contextlib.contextmanager
def on_far_server(program, seconds, scratch):
    """sshfs, whose server holds each answer back for so long."""
    root, folder, log = scratch / 'far.root', scratch / 'far', scratch / 'far.log'
    for made in (root, folder):
        made.mkdir()
    log.touch()
    server = subprocess.Popen(['sshfs', '-f', '-o', f'ssh_command={program} {seconds} {log}',
                               f'server:{root}', folder])
    try:
        for _ in range(500):
            if os.path.ismount(folder):
                break
            time.sleep(0.01)
        else:
            raise SystemExit('sshfs did not mount')
        yield FarServer(folder, seconds, log)
    finally:
        if os.path.ismount(folder):
            _run('umount', folder)
        else:
            server.terminate()
        server.wait()
