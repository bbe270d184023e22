# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""What is more than saving small files. A program does each once; here it is repeated and judged."""

import subprocess
from collections import defaultdict
from statistics import median

import report

MiB = 1 << 20


def _figures(program, name, folders, rounds):
    figures = defaultdict(list)
    for _ in range(rounds):
        done = subprocess.run([program, name, *map(str, folders)], text=True, capture_output=True,
                              check=False)
        if done.returncode != 0:
            raise SystemExit(f'{name} failed in {folders}: {done.stderr}')
        for line in done.stdout.splitlines():
            figure, value = line.split('\t')
            figures[figure].append(float(value))
    return figures


def _show(title, figures):
    rows = [('', 'median', 'least', 'most')]
    for name, values in figures.items():
        show = (lambda v: f'{v / MiB:.1f} MiB') if name == 'memory' else \
            (lambda v: f'{v:.0f} B') if name.startswith('memory') else \
            (lambda v: f'{v:.0f}') if name.startswith('saves') else report.seconds
        rows.append((name, *(show(v) for v in (median(values), min(values), max(values)))))
    print(f'\n{title}\n\n{report.table(rows)}', flush=True)


def _background(figures, disk, targets):
    targets.judge('256 MiB: the call, median, µs', 50, median(figures['call, median']) * 1e6)
    targets.judge('256 MiB: the call, 99th percentile, µs', 500,
                  median(figures['call, 99th percentile']) * 1e6)
    targets.judge("256 MiB: the event loop's longest gap, ms", 5,
                  median(figures['gap of the event loop, AtomicFile']) * 1e3)


def _mixed(figures, disk, targets):
    targets.judge('a save beside a batch of 10,000, of an idle one', 3,
                  report.ratio(figures['save beside a batch'], figures['save while idle']))


def _stream(figures, disk, targets):
    targets.judge('2 GiB as a stream, of plain writes and a sync', 1 / 0.95,
                  report.ratio(figures['AtomicFileDevice'], figures['plain writes and a sync']))
    targets.judge('2 GiB as a stream: memory, MiB', 32, median(figures['memory']) / MiB)
    targets.judge('2 GiB as a stream: its commit, of a late sync', 0.25,
                  report.ratio(figures['its commit'], figures['the sync of plain writes']))


def _change(figures, disk, targets):
    for what in ('patching', 'appending'):
        targets.judge(f'{what} 4 KiB of 1 GiB, of rewriting it ({disk})', 0.02,
                      report.ratio(figures[what], figures['rewriting']))


def _move(figures, disk, targets):
    targets.judge('moving 1 GiB to another file system, of cp, sync and rm', 1.05,
                  report.ratio(figures['AtomicFile::moveFile'], figures['cp, sync and rm']))
    targets.judge('moving 10 GiB with 1 MiB of data, s', 0.5,
                  median(figures['AtomicFile::moveFile, 10 GiB with 1 MiB of data']))


def _copy(figures, disk, targets):
    targets.judge(f'copying 1 GiB without the syncs, ms ({disk})', 20,
                  median(figures['without the syncs']) * 1e3)


def _queue(figures, disk, targets):
    for count in (10000, 100000):
        targets.judge(f'each of {count} queued saves, of each of 1000', 1.2,
                      report.ratio(figures[f'each of {count}'], figures['each of 1000']))
    for count in (1000, 10000, 100000):
        targets.judge(f'memory for each of {count} queued saves, bytes', 2048,
                      median(figures[f'memory for each of {count}']))


# name: title, where, rounds, judge
_SCENARIOS = {
    'background': ('Saving 256 MiB from the thread of a window', 'here', 9, _background),
    'mixed': ('One document while a batch of 10,000 is written', 'here', 9, _mixed),
    'stream': ('2 GiB, piece by piece', 'here', 9, _stream),
    'change': ('4 KiB of 1 GiB', 'cloning', 9, _change),
    'move': ('From one file system to another', 'across', 9, _move),
    'copy': ('A copy of 1 GiB', 'cloning', 9, _copy),
    'queue': ('Many saves asked for at once', 'here', 9, _queue),
}
ALL = tuple(_SCENARIOS)


def run(name, build, here, images, targets):
    title, where, rounds, judge = _SCENARIOS[name]
    if where == 'here':
        places = [(here.name, [here.folder])]
    elif where == 'cloning':
        places = [(disk.name, [disk.folder]) for disk in images if disk.name in ('xfs', 'btrfs')]
    else:
        places = [(f'{here.name} to {disk.name}', [here.folder, disk.folder])
                  for disk in images if disk.name == 'ext4']
    results = {}
    for place, folders in places:
        figures = _figures(build / 'benchmark_scenarios', name, folders, rounds)
        _show(f'{title}, {place}', figures)
        judge(figures, place, targets)
        results[place] = figures
    return results
