"""What is measured of Packstone alone: start-up and scrub."""

import os

from . import files, process, programs
from .rounds import say

STARTS = 10


def measure(turn, launcher):
    """Start-up times and scrub, on the repository that a round of rounds.Round left behind."""
    work = os.path.join(turn.folder, "packstone")
    log = os.path.join(turn.folder, "packstone.log")
    program = next(p for p in turn.programs if p.name == "packstone")
    env = program.full_environment(work)
    records = []

    def take(step, argv, variables, times=1, accept=(0,)):
        for _ in range(times):
            cost = process.run(argv, variables, "/", log, accept=accept)
            records.append(_record(turn, step, cost))
        say(f"  {turn.corpus.name} {turn.number} {step:14} packstone    {cost.wall:8.2f} s   cpu {cost.user + cost.system:7.2f} s")

    take("--version", [launcher, "--version"], env, STARTS)
    take("snapshots, key file", [launcher, "snapshots"], env, STARTS)
    password = os.path.join(work, "password")
    with open(password, "w", encoding="ascii") as file:
        file.write(programs.PASSWORD)
    process.run([launcher, "key", "add", "--new-password-file", password], env, "/", log)
    typed = {name: value for name, value in env.items() if name != "PACKSTONE_KEY_FILE"}
    typed["PACKSTONE_PASSWORD_FILE"] = password
    take("snapshots, password", [launcher, "snapshots"], typed, STARTS)
    packs = os.path.join(work, "repo", "packs")
    files.warm(packs)
    take("sha256sum of the packs", ["find", packs, "-type", "f", "-exec", "sha256sum", "{}", "+"], env)
    if "\n  scrub " in process.output([launcher, "help"], env):
        take("scrub", [launcher, "scrub"], env)
    return records


def _record(turn, step, cost):
    return {
        "round": turn.number, "corpus": turn.corpus.name, "step": step, "wall": round(cost.wall, 4),
        "user": round(cost.user, 3), "system": round(cost.system, 3), "peak": cost.peak,
    }
