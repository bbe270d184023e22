#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
"""What sshfs takes for ssh: a file server on this machine that answers as if it were far away.

    far_server.py SECONDS LOG ...

Each answer is held back for that long, so a request takes one round trip, and requests that do not wait for
each other share it. The name of each request is a line in LOG.
"""

import queue
import struct
import subprocess
import sys
import threading
import time

SERVER = '/usr/lib/openssh/sftp-server'
# draft-ietf-secsh-filexfer-02, section 3
EXTENDED = 200
NAMES = {3: 'open', 4: 'close', 5: 'read', 6: 'write', 7: 'lstat', 8: 'fstat', 9: 'setstat', 10: 'fsetstat',
         11: 'opendir', 12: 'readdir', 13: 'remove', 14: 'mkdir', 15: 'rmdir', 16: 'realpath', 17: 'stat',
         18: 'rename', 19: 'readlink', 20: 'symlink'}


def messages(stream):
    """A length of four bytes, then the kind, a number and the rest."""
    while head := stream.read(4):
        yield head, stream.read(struct.unpack('>I', head)[0])


def name_of(body):
    if body[0] != EXTENDED:
        return NAMES.get(body[0])  # None for the greeting
    length = struct.unpack('>I', body[5:9])[0]
    return body[9:9 + length].decode().split('@')[0]


def pass_requests_on(client, server, log):
    for head, body in messages(client):
        if name := name_of(body):
            log.write(f'{name}\n')
            log.flush()
        server.write(head + body)
        server.flush()
    server.close()


def collect_answers(server, answers):
    try:
        for head, body in messages(server):
            answers.put((time.monotonic(), head + body))
    finally:
        answers.put(None)


def main():
    delay = float(sys.argv[1])
    with open(sys.argv[2], 'a', encoding='utf-8') as log, \
            subprocess.Popen([SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        answers = queue.SimpleQueue()
        threading.Thread(target=pass_requests_on, args=(sys.stdin.buffer, server.stdin, log),
                         daemon=True).start()
        threading.Thread(target=collect_answers, args=(server.stdout, answers), daemon=True).start()
        while answer := answers.get():
            time.sleep(max(0.0, answer[0] + delay - time.monotonic()))
            sys.stdout.buffer.write(answer[1])
            sys.stdout.buffer.flush()


if __name__ == '__main__':
    main()
