# shellcheck shell=bash
# SPDX-FileCopyrightText: 2026 The AtomicFile authors
# SPDX-License-Identifier: MIT
#
# What the scripts have in common. To be sourced; sets `source_dir`.

set -euo pipefail

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
jobs=$(nproc)
# The system's tools: those in somebody's home are not for the unprivileged user who tests as well.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C.UTF-8 # Qt wants UTF-8, and messages should not depend on who runs this
cache_dir=${XDG_CACHE_HOME:-~/.cache}/atomicfile

build_packages=(g++ cmake ninja-build qt6-base-dev)
# shellcheck disable=SC2034 # read by the scripts that source this file
test_packages=("${build_packages[@]}" pkg-config python3 acl attr bsdutils util-linux)
# shellcheck disable=SC2034
mounts_packages=(e2fsprogs xfsprogs btrfs-progs ntfs-3g exfat-fuse exfatprogs sshfs openssh-sftp-server)
# shellcheck disable=SC2034
windows_packages=("${build_packages[@]}" qt6-base-dev-tools g++-mingw-w64-x86-64-posix dpkg-dev
    util-linux wine wine64)

# A warning of a compiler that is newer than the project must not stop anybody but CI.
strict=OFF
# shellcheck disable=SC2034 # read by the scripts that source this file
[ "${CI:-}" = true ] && strict=ON

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -n "$@" # never asks for a password; fails if it would have to
    else
        fail "this needs root: $*"
    fi
}

# Installs those of the named Debian packages that are missing.
ensure_packages() {
    local package missing=()
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        say "This is not Debian or Ubuntu. Needed, and not looked for: $*"
        return
    fi
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] \
            || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}"
    as_root apt-get -qq update </dev/null
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y install --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

unprivileged=65534 # nobody, everywhere

# as_unprivileged HOME COMMAND...: root runs a command as an ordinary user, whose files go to HOME.
as_unprivileged() {
    local home=$1
    shift
    setpriv --reuid="$unprivileged" --regid="$unprivileged" --clear-groups --inh-caps=-all \
        env -u XDG_CACHE_HOME -u XDG_RUNTIME_DIR -u CMAKE_CXX_COMPILER_LAUNCHER -u CCACHE_DIR \
        HOME="$home" TMPDIR="$home" "$@"
}

# Lets ccache help where it is installed.
use_compiler_cache() {
    command -v ccache >/dev/null || return 0
    export CMAKE_CXX_COMPILER_LAUNCHER=ccache
    export CCACHE_DIR=${CCACHE_DIR:-$cache_dir/ccache}
    # Another checkout of the same files finds what this one compiled.
    export CCACHE_BASEDIR=$source_dir CCACHE_NOHASHDIR=1
    # Without these it does not cache what includes precompiled headers.
    export CCACHE_SLOPPINESS=pch_defines,time_macros
    mkdir -p "$CCACHE_DIR"
}

# configure PRESET [CMAKE_ARGUMENT...]
configure() {
    local preset=$1
    shift
    use_compiler_cache
    (cd "$source_dir" && cmake --preset "$preset" "$@" >/dev/null)
}

# build PRESET [CMAKE_ARGUMENT...]: configures and builds everything.
build() {
    say "Building ($1)"
    configure "$@"
    cmake --build "$source_dir/build/$1" -j "$jobs" -- --quiet
}

# run_ctest PRESET [CTEST_ARGUMENT...]
run_ctest() {
    local preset=$1
    shift
    ctest --test-dir "$source_dir/build/$preset" --output-on-failure --no-tests=error -j "$jobs" \
        "$@" </dev/null
}

# print_skips RUN CTEST_LOG
print_skips() {
    say "Skipped in $1"
    grep -E '^SKIP +:' "$2" || echo "nothing"
}

# skipped_rows CTEST_LOG: one line for each, without the reason.
skipped_rows() {
    sed -nE 's/^SKIP +: ([A-Za-z0-9_:]+\([^)]*\)).*/\1/p' "$1" | sort -u
}

# Where CMake finds the Qt of this machine, whose tools build for others.
host_qt_cmake_dir() {
    dirname "$(dirname "$(dpkg-query -L qt6-base-dev | grep '/Qt6/Qt6Config\.cmake$')")"
}

# Where scripts/windows-qt puts Qt for Windows. The packages that have the versions must be there.
windows_qt_dir() {
    local qt
    qt=$(dpkg-query -W -f='${source:Upstream-Version}' qt6-base-dev)
    echo "$cache_dir/qt-windows-${qt%%+*}-$(x86_64-w64-mingw32-g++-posix -dumpversion)"
}
