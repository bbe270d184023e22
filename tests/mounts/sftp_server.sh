#!/bin/sh
# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# What sshfs takes for ssh: the server itself, on this machine, whatever host and options are asked for.

exec /usr/lib/openssh/sftp-server
