"""
One round over one corpus: every step, and within a step every program, one after another.

Programs take turns inside a step, so that what is compared ran within a minute or so of each other; the order turns round
from one round to the next. Before each command all that is written is forced to disk, and what it will read is read once.
"""

import os
import sys
import tempfile
import time

from . import files, process

SNAPSHOTS = ("first", "unchanged", "changed", "third")
PRUNES = ("prune", "prune-tight")
LIMIT = 900

# For a minute, and for five more while that is not on disk, ext4 gives a deleted inode to no new file, and looks at every one
# of them again for each file that is made: after a large tree was deleted, making a file takes 300 microseconds, not 20.
SETTLED = 370
MANY_FILES = 10_000
OUT = "packstone-bench-"


def say(text):
    print(text, file=sys.stderr, flush=True)


def steps(versions):
    """Names of the steps for a corpus of so many versions, in their order, and the version each works on."""
    plan = [("first", 1), ("unchanged", 1), ("changed", 2)]
    if versions > 2:
        plan.append(("third", 3))
    plan += [(name, versions) for name in ("restore-tmpfs", "restore-disk", "check", "list")]
    if versions > 2:
        plan += [(name, versions) for name in PRUNES]
    return plan


class Round:
    """Measures one corpus once with each program. A program that fails is named, and left out of what follows."""

    def __init__(self, number, corpus, programs, folder, wanted, compare):
        self.number = number
        self.corpus = corpus
        self.programs = list(programs) if number % 2 else list(reversed(programs))
        self.folder = folder
        self.wanted = wanted
        self.compare = compare
        self.records = []
        self.failures = []
        self._snapshots = 0
        self._kept = []
        self._deleted = os.path.join(folder, "deleted")

    def run(self):
        """All steps; the records made."""
        self.begin()
        try:
            for step, version in steps(len(self.corpus.versions)):
                takes = step in SNAPSHOTS
                if not takes and step not in self.wanted:
                    continue
                if takes and not self._needed(step):
                    continue
                self.corpus.show(version)
                self._snapshots += takes
                for program in list(self.programs):
                    self._attempt(step, program)
        finally:
            self.corpus.close()
            if self._kept:
                files.remove(*self._kept)
                self._note_deletion()
        return self.records

    def _note_deletion(self):
        with open(self._deleted, "w", encoding="ascii"):
            pass

    def _settle(self):
        """Waits until the file system has forgotten the trees that were deleted before: see SETTLED."""
        if self.corpus.sizes[self.corpus.versions[-1]].files < MANY_FILES or not os.path.exists(self._deleted):
            return
        left = SETTLED - (time.time() - os.stat(self._deleted).st_mtime)
        if left > 0:
            say(f"  waiting {left:.0f} s until the file system has forgotten what was deleted")
            time.sleep(left)

    def _needed(self, step):
        """Later steps stand on earlier ones, so an unwanted snapshot is taken as well when a wanted one comes after it."""
        order = [name for name, _ in steps(len(self.corpus.versions))]
        return step != "unchanged" and any(name in self.wanted for name in order[order.index(step) :]) or step in self.wanted

    def begin(self):
        """A fresh folder and a new repository for each program; what a run that was killed left behind goes first."""
        left = [entry.path for entry in os.scandir(self.folder) if entry.name.startswith(OUT)]
        if left:
            files.remove(*left)
            self._note_deletion()
        for program in list(self.programs):
            work = self.work(program)
            files.remove(work, work + ".kept")
            os.makedirs(os.path.join(work, "home"))
            try:
                for command in program.initialise(work):
                    process.run(command, program.full_environment(work), "/", self.log(program), LIMIT)
            except process.CommandFailed as failure:
                self._drop(program, failure)

    def work(self, program):
        return os.path.join(self.folder, program.name)

    def log(self, program):
        return os.path.join(self.folder, program.name + ".log")

    def _drop(self, program, failure):
        say(f"bench: {program.name} failed: {failure}")
        self.failures.append(f"{program.name}: {failure}")
        self.programs.remove(program)

    def _attempt(self, step, program):
        try:
            if step.startswith("restore"):
                self._restore(step, program)
            elif step in PRUNES:
                self._prune(step, program)
            else:
                self._plain(step, program)
        except process.CommandFailed as failure:
            self._drop(program, failure)

    def _plain(self, step, program):
        work = self.work(program)
        if step == "check":
            command, folder = program.check(work), "/"
            if command is None:
                self._stand_in(program)
                return
            files.warm(os.path.join(work, "repo"))
        elif step == "list":
            command, folder = program.listing(work), "/"
        else:
            command, folder = program.snapshot(work, self.corpus.tree, self._snapshots)
        self._measure(step, program, [command], folder)

    def _prune(self, step, program):
        """On a copy, so to speak: afterwards everything is put back, since each kind of prune begins with the same."""
        work = self.work(program)
        commands = program.prune(work, step == "prune-tight", self._snapshots)
        if commands is not None:
            kept = work + ".kept"
            files.copy(work, kept)
            try:
                files.warm(os.path.join(work, "repo"))
                self._measure(step, program, commands, "/")
            finally:
                files.remove(work)
                os.rename(kept, work)

    def _stand_in(self, program):
        """Without a command of its own to check, a full restore is what proves the data: its record serves twice."""
        done = [r for r in self.records if (r["program"], r["step"]) == (program.name, "restore-tmpfs")]
        self.records += [{**record, "step": "check"} for record in done]

    def _restore(self, step, program):
        work = self.work(program)
        shared = step == "restore-tmpfs"
        out = tempfile.mkdtemp(prefix=OUT, dir="/dev/shm" if shared else self.folder)
        if not shared:
            self._kept.append(out)
            self._settle()
        try:
            command, folder = program.restore(work, self.corpus.tree, out, program.full_environment(work))
            files.warm(os.path.join(work, "repo"))
            self._measure(step, program, [command], folder)
            self._prove(program, program.restored(self.corpus.tree, out), contents=self.compare and shared)
        finally:
            if shared:
                files.remove(out)

    def _prove(self, program, copy, contents):
        """A restore that is wrong has no time worth printing."""
        expected, found = self.corpus.sizes[self.corpus.versions[-1]], files.size(copy)
        if (found.files, found.bytes) != (expected.files, expected.bytes):
            raise process.CommandFailed(f"restored {found}, expected {expected}")
        differences = files.same(self.corpus.tree, copy) if contents else []
        if differences:
            raise process.CommandFailed("restored something else: " + "; ".join(differences))

    def _measure(self, step, program, commands, folder):
        work = self.work(program)
        os.sync()
        env, log = program.full_environment(work), self.log(program)
        cost = process.total([process.run(command, env, folder, log, LIMIT) for command in commands])
        stored = files.size(os.path.join(work, "repo"))
        record = {
            "round": self.number,
            "corpus": self.corpus.name,
            "program": program.name,
            "step": step,
            "wall": round(cost.wall, 4),
            "user": round(cost.user, 3),
            "system": round(cost.system, 3),
            "peak": cost.peak,
            "stored": stored.bytes,
            "objects": stored.files,
        }
        if step in SNAPSHOTS:
            record.update(program.reported(process.last_line(self.log(program))))
        self.records.append(record)
        say(
            f"  {self.corpus.name} {self.number} {step:14} {program.name:12} {cost.wall:8.2f} s   cpu {cost.user + cost.system:7.2f} s"
            f"   {cost.peak / 1e6:7.0f} MB   stored {stored.bytes / 1e6:8.1f} MB"
        )


def estimate(rounds, corpora, programs):
    """Minutes that so many rounds take on two cores of about 2026, from what one round was seen to take."""
    seconds = {"kernel": 110, "postgres": 45, "npm": 80}
    return rounds * sum(seconds.get(name, 60) for name in corpora) * programs / 60
