#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""Compares this library with what a user would take instead; see README.md. Run by scripts/benchmark."""

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import tempfile
from pathlib import Path
from statistics import median

import disks
import peers as all_of
import report
import scenarios

SIZE = 4096
MANY = 1000
FEW = 50
ROUNDS = 9
GROUPED = ('AtomicFileBatch', 'AtomicFile, all at once')
TOGETHER = (*GROUPED, 'QSaveFile')
GiB = 1 << 30


def measure(disk, peers, count, rounds, repeats, counted=None):
    """For each peer the seconds of each round, one after the other within a round, in an order of its own
    each time since each is slower after some than after others, and how many flushes of the device a save
    took, or what else is to be counted."""
    counted = counted or disk.flushes
    times = {peer.name: [] for peer in peers}
    flushes = {peer.name: [] for peer in peers}
    folders = {}
    for i, peer in enumerate(peers):
        folders[peer.name] = disk.folder / f'peer{i}'
        folders[peer.name].mkdir(exist_ok=True)
        peer.save(folders[peer.name], count, SIZE)  # The files that are replaced from then on
    order = random.Random(1)
    for _ in range(rounds):
        of_round = {peer.name: [] for peer in peers}
        for _ in range(repeats):
            for peer in order.sample(peers, len(peers)):
                os.sync()  # No peer pays for what the one before it left to be written.
                before = counted()
                of_round[peer.name].append(peer.save(folders[peer.name], count, SIZE))
                flushes[peer.name].append(counted() - before)
        for name, values in of_round.items():
            times[name].append(median(values))
    return times, {name: median(values) for name, values in flushes.items()}


def show(title, disk, peers, times, flushes, calls=None):
    print(f'\n{title}, on {disk.name}\n')
    references = [(name, f'of {short}') for name, short in (('QSaveFile', 'QSaveFile'),
                                                           ('bare system calls', 'bare')) if name in times]
    rows = [('', 'median', *(title for _, title in references), 'flushes', *(('calls',) if calls else ()),
             'synced')]
    for peer in peers:
        ratios = [f'{report.ratio(times[peer.name], times[name]):.2f}' for name, _ in references]
        rows.append((peer.name, report.seconds(median(times[peer.name])), *ratios, f'{flushes[peer.name]:g}',
                     *((str(calls[peer.name]),) if calls else ()), peer.sync))
    print(report.table(rows), flush=True)


def one_save(disk, peers, targets, calls, with_targets):
    """A durable save of a small file, the next when it is done."""
    alone = [peer for peer in peers if peer.name not in GROUPED]
    times, flushes = measure(disk, alone, 1, 11, 15)
    show('One save of 4 KiB', disk, alone, times, flushes, calls)
    bare = times['bare system calls']
    if with_targets:
        device = times['AtomicFileDevice']
        targets.judge('one save by AtomicFileDevice, of bare system calls', 1.05,
                      report.ratio(device, bare))
        if 'GLib, durable' in times:
            targets.judge('one save by AtomicFileDevice, of GLib, durable', 1.0,
                          report.ratio(device, times['GLib, durable']))
        targets.judge('one save by AtomicFile::writeFile().result(), of bare system calls', 1.15,
                      report.ratio(times['AtomicFile::writeFile'], bare))
    else:
        targets.judge(f'flushes of one save by AtomicFileDevice, less those of bare calls ({disk.name})', 0,
                      flushes['AtomicFileDevice'] - flushes['bare system calls'])
    return {'times': times, 'flushes': flushes, 'calls': calls}


def thousand_saves(disk, peers, targets, names):
    many = [peer for peer in peers if peer.name in names]
    times, flushes = measure(disk, many, MANY, ROUNDS, 1)
    show(f'{MANY:,} saves of 4 KiB', disk, many, times, flushes)
    qt = times['QSaveFile']
    targets.judge(f'{MANY} saves as a batch, of QSaveFile ({disk.name})', 0.20,
                  report.ratio(times['AtomicFileBatch'], qt))
    targets.judge(f'{MANY} saves asked for at once, of QSaveFile ({disk.name})', 0.30,
                  report.ratio(times['AtomicFile, all at once'], qt))
    targets.judge(f'flushes of {MANY} saves as a batch ({disk.name})', 20, flushes['AtomicFileBatch'])
    return {'times': times, 'flushes': flushes}


def slow_device(disk, peers, targets):
    some = [peer for peer in peers if peer.name in TOGETHER]
    times, flushes = measure(disk, some, MANY, ROUNDS, 1)
    show(f'{MANY:,} saves of 4 KiB', disk, some, times, flushes)
    for name in GROUPED:
        targets.judge(f'{MANY} saves, {name}, of QSaveFile ({disk.name})', 1 / 50,
                      report.ratio(times[name], times['QSaveFile']))
    few_times, few_flushes = measure(disk, peers, FEW, ROUNDS, 1)
    show(f'{FEW} saves of 4 KiB', disk, peers, few_times, few_flushes)
    return {'times': times, 'flushes': flushes, 'few': {'times': few_times, 'flushes': few_flushes}}


def far_server(server, peers):
    """What a save costs where each question takes its time."""
    results = {}
    alone = [peer for peer in peers if peer.name not in GROUPED]
    together = [peer for peer in peers if peer.name in TOGETHER]
    for title, some, count, rounds in (('One save', alone, 1, 9), (f'{FEW} saves', together, FEW, 3)):
        times, requests = measure(server, some, count, rounds, 1, server.requests)
        rows = [('', 'median', 'of QSaveFile', 'round trips', 'requests', 'synced')]
        for peer in some:
            seconds = median(times[peer.name])
            rows.append((peer.name, report.seconds(seconds),
                         f'{report.ratio(times[peer.name], times["QSaveFile"]):.2f}',
                         f'{seconds / server.round_trip:.1f}', f'{requests[peer.name]:g}', peer.sync))
        print(f'\n{title} of 4 KiB, on {server.name}\n\n{report.table(rows)}', flush=True)
        results[title] = {'times': times, 'requests': requests}
    return results


def plot(folder, name, title, disk, result, note):
    times, flushes = result['times'], result['flushes']
    values = [(peer, median(seconds), f'{report.seconds(median(seconds))}, {flushes[peer]:g} flushes')
              for peer, seconds in times.items()]
    (folder / f'{name}.svg').write_text(
        report.bars(f'{title}, on {disk}', values, note), encoding='utf-8')


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--build', type=Path, required=True, help='where the peers were built')
    parser.add_argument('--folder', type=Path, default=Path('/var/tmp'), help='on the disk to measure')
    parser.add_argument('--node-modules', type=Path, required=True)
    parser.add_argument('--json', type=Path, required=True)
    parser.add_argument('--plots', type=Path, help='where the SVG files go')
    parser.add_argument('--only', nargs='*', help='one, many, slow, network, or a scenario: ' + ', '.join(scenarios.ALL))
    parser.add_argument('--check', action='store_true', help='fail if a target is missed')
    options = parser.parse_args()
    wanted = options.only or ['one', 'many', 'slow', 'network', *scenarios.ALL]
    found, missing = all_of.all_peers(options.build, options.node_modules)
    targets = report.Targets()
    results = {}
    is_root = os.geteuid() == 0
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(
            prefix='atomicfile-benchmark-', dir=options.folder)))
        here = disks.Disk(f"this machine's {disks.file_system_of(scratch)}", scratch)
        for peer in found:
            peer.start()
            stack.callback(peer.stop)
        images = []
        if is_root:
            images = [stack.enter_context(disks.on_image(kind, scratch, 4 * GiB))
                      for kind in ('ext4', 'xfs', 'btrfs')]
        else:
            missing.append('ext4, XFS and btrfs images, the slow device and the far server: need root')
        if 'one' in wanted:
            calls = {peer.name: peer.system_calls(scratch, SIZE) for peer in found}
            for disk in [here, *images]:
                results[f'one save, {disk.name}'] = one_save(disk, found, targets, calls, disk is here)
        if 'many' in wanted:
            all_names = [peer.name for peer in found
                         if peer.name not in ('AtomicFileDevice', 'AtomicFile::writeFile')]
            results[f'many saves, {here.name}'] = thousand_saves(here, found, targets, all_names)
            for disk in images:
                results[f'many saves, {disk.name}'] = thousand_saves(disk, found, targets, TOGETHER)
        if 'slow' in wanted and is_root:
            program = options.build / 'benchmark_slow_disk'
            if program.exists():
                with disks.with_slow_flushes(program, 5, scratch, GiB) as slow:
                    results['slow device'] = slow_device(slow, found, targets)
            else:
                missing.append('the slow device: needs libfuse3-dev')
        if 'network' in wanted and is_root:
            if shutil.which('sshfs'):
                program = Path(__file__).resolve().parent / 'far_server.py'
                with disks.on_far_server(program, 0.02, scratch) as server:
                    results['network'] = far_server(server, found)
            else:
                missing.append('the far server: needs sshfs')
        for name in scenarios.ALL:
            if name in wanted:
                results[name] = scenarios.run(name, options.build, here, images, targets)
    if options.plots:
        options.plots.mkdir(parents=True, exist_ok=True)
        note = 'The median of 9 or more runs, in turns. Shorter is better.'
        for key, result in results.items():
            if 'flushes' in result:
                count = 'One save' if key.startswith('one') else f'{MANY:,} saves'
                disk = key.split(', ', 1)[-1] if ', ' in key else 'a disk whose flushes take 5 ms'
                name = re.sub(r'[^a-z0-9]+', '-', key.lower())
                plot(options.plots, name, f'{count} of 4 KiB', disk, result, note)
    options.json.write_text(json.dumps({'results': results, 'targets': targets.rows[1:]}, indent=1) + '\n',
                            encoding='utf-8')
    print(f'\n{targets.text()}\n')
    for reason in missing:
        print('Not measured:', reason)
    print('All figures:', options.json)
    if options.check and targets.missed:
        raise SystemExit(1)


if __name__ == '__main__':
    main()
