"""Trees of files: reading them into the page cache, counting, comparing and removing them."""

import os
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """Entries of every kind, the folder itself included; regular files among them, and the sum of their lengths."""

    entries: int
    files: int
    bytes: int


def walk(top):
    """Every entry below top, and top."""
    stack = [top]
    while stack:
        with os.scandir(stack.pop()) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    stack.append(entry.path)


def size(top):
    """How much a tree holds. A file with several names counts at each."""
    entries, files, total = 1, 0, 0
    for entry in walk(top):
        entries += 1
        if entry.is_file(follow_symlinks=False):
            files += 1
            total += entry.stat(follow_symlinks=False).st_size
    return Size(entries, files, total)


def warm(top):
    """Reads all of a tree, so that names, inodes and bytes are in the page cache."""
    buffer = bytearray(1 << 20)
    for entry in walk(top):
        if entry.is_file(follow_symlinks=False):
            entry.stat(follow_symlinks=False)
            descriptor = os.open(entry.path, os.O_RDONLY | os.O_NOATIME if os.geteuid() == 0 else os.O_RDONLY)
            try:
                while os.readv(descriptor, [buffer]) > 0:
                    pass
            finally:
                os.close(descriptor)


def remove(*paths):
    """Removes trees; what is absent is no matter."""
    subprocess.run(["rm", "-rf", "--", *paths], check=True)


def copy(tree, target):
    """Copies a tree with all its times; what is there already goes first."""
    remove(target)
    subprocess.run(["cp", "-a", "--", tree, target], check=True)


def same(one, other):
    """Whether two trees hold the same names and bytes; the first differences when they do not."""
    done = subprocess.run(
        ["diff", "-rq", "--no-dereference", "--", one, other], capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"}
    )
    lines = done.stdout.decode(errors="replace").splitlines()
    # Sockets and pipes cannot be compared by reading.
    return [line for line in lines if " is a socket" not in line and " is a fifo" not in line][:5]
