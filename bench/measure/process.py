"""Runs one command and measures it: wall time, processor time and peak memory, as the kernel counts them."""

import os
import signal
import subprocess
import threading
import time
from dataclasses import dataclass


class CommandFailed(Exception):
    """A command ended badly or took too long; the message names it and its log."""


@dataclass(frozen=True)
class Cost:
    """Seconds of wall, user and system time of a command with all its children; bytes of the largest process among them."""

    wall: float
    user: float
    system: float
    peak: int


def run(argv, env, cwd, log, limit=900, accept=(0,)):
    """Runs argv to its end, output appended to the file log. Kills it, and what it started, after limit seconds."""
    with open(log, "ab") as out:
        out.write(("$ " + " ".join(argv) + "\n").encode("utf-8", "surrogateescape"))
        out.flush()
        late = threading.Event()
        start = time.perf_counter()
        child = subprocess.Popen(
            argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )

        def end():
            late.set()
            os.killpg(child.pid, signal.SIGKILL)

        alarm = threading.Timer(limit, end)
        alarm.daemon = True
        alarm.start()
        try:
            _, status, usage = os.wait4(child.pid, 0)
        except KeyboardInterrupt:
            os.killpg(child.pid, signal.SIGKILL)
            raise
        wall = time.perf_counter() - start
        alarm.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
    if late.is_set():
        raise CommandFailed(f"{argv[0]} took longer than {limit} s and was ended; see {log}")
    if child.returncode not in accept:
        raise CommandFailed(f"{' '.join(argv)}: exit {child.returncode}; see {log}")
    return Cost(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024)


def total(costs):
    """What several commands cost, one after another."""
    return Cost(
        sum(c.wall for c in costs), sum(c.user for c in costs), sum(c.system for c in costs), max(c.peak for c in costs)
    )


def last_line(log):
    """What the command that wrote to a log last said last."""
    with open(log, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 65536))
        lines = file.read().splitlines()
    return lines[-1].decode(errors="replace") if lines else ""


def output(argv, env=None, cwd=None):
    """What a command prints, for what is not measured."""
    done = subprocess.run(argv, env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != 0:
        raise CommandFailed(f"{' '.join(argv)}: exit {done.returncode}: {done.stderr.decode(errors='replace')[-400:]}")
    return done.stdout.decode(errors="replace")
