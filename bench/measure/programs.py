"""How each program is asked for the same work. Every one keeps repository, cache and settings in its own fresh folder."""

import json
import os
import shutil

from . import process

PASSWORD = "benchpass"


class Program:
    """
    One backup program. The lists returned are command lines; `work` is its folder for one corpus and one round. Anything that
    is not asked for here stays at the program's default.
    """

    name = ""
    binary = ""
    settings = ""

    def __init__(self, executable):
        self.executable = executable

    @property
    def version(self):
        """The line that the program prints about itself."""
        return process.output([self.executable, "--version"]).splitlines()[0].strip()

    def environment(self, work):
        """Variables beside HOME and PATH."""
        return {}

    def initialise(self, work):
        """Commands that make the repository; not measured."""
        raise NotImplementedError

    def snapshot(self, work, tree, number):
        """The command, and the folder to run it in."""
        raise NotImplementedError

    def listing(self, work):
        """The command that lists the snapshots."""
        raise NotImplementedError

    def restore(self, work, tree, out, env):
        """The command that restores the newest snapshot into the folder out, which exists and is empty."""
        raise NotImplementedError

    def restored(self, tree, out):
        """Where the copy of tree lies then."""
        return out + tree

    def check(self, work):
        """The command that reads and verifies all data; None where there is none."""
        raise NotImplementedError

    def prune(self, work, tight, snapshots):
        """The commands that keep the newest of so many snapshots and free what it does not need: all of that, when tight."""
        raise NotImplementedError

    def reported(self, last_line):
        """Counts that the program gives of a snapshot by itself, for the record."""
        return {}

    def full_environment(self, work):
        """All variables of a run."""
        home = os.path.join(work, "home")
        base = {"PATH": os.environ["PATH"], "HOME": home, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TMPDIR": work}
        for name, folder in (("XDG_CONFIG_HOME", "config"), ("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache")):
            base[name] = os.path.join(work, folder)
        return {**base, **self.environment(work)}


class Packstone(Program):
    name = "packstone"
    binary = "packstone"
    settings = "all defaults, so a key file; with a password a command takes half a second longer"

    def environment(self, work):
        java = {name: os.environ[name] for name in ("JAVA_HOME", "PACKSTONE_JAVA_HOME", "PACKSTONE_JAVA_OPTS") if name in os.environ}
        return {
            **java,
            "HOME": os.environ.get("HOME", "/"),
            "PACKSTONE_REPOSITORY": os.path.join(work, "repo"),
            "PACKSTONE_KEY_FILE": Packstone.key(work),
            "PACKSTONE_CACHE_DIR": os.path.join(work, "cache"),
        }

    def initialise(self, work):
        return [[self.executable, "init", "--key-file", Packstone.key(work)]]

    @staticmethod
    def key(work):
        """The file with the key, which is how the first `packstone snapshot` makes a repository by itself."""
        return os.path.join(work, "bench.key")

    def snapshot(self, work, tree, number):
        return [self.executable, "snapshot", "--json", tree], "/"

    def listing(self, work):
        return [self.executable, "snapshots"]

    def restore(self, work, tree, out, env):
        return [self.executable, "restore", "latest", "--target", out], "/"

    def check(self, work):
        return [self.executable, "check", "--read-data"]

    def prune(self, work, tight, snapshots):
        forget = [self.executable, "forget", "--keep-last", "1", "--confirm", str(snapshots - 1)]
        return [forget, [self.executable, "prune", *(["--max-unused", "0"] if tight else [])]]

    def reported(self, last_line):
        counts = json.loads(last_line)
        return {name: counts[name] for name in ("filesNew", "directories", "bytesRead", "bytesNew", "bytesStored")}


class Restic(Program):
    name = "restic"
    binary = "restic"
    settings = "all defaults (zstd, chunks of 1 MiB); a password"

    @property
    def version(self):
        return process.output([self.executable, "version"]).strip()

    def environment(self, work):
        return {
            "RESTIC_REPOSITORY": os.path.join(work, "repo"),
            "RESTIC_PASSWORD": PASSWORD,
            "RESTIC_CACHE_DIR": os.path.join(work, "cache"),
        }

    def initialise(self, work):
        return [[self.executable, "init"]]

    def snapshot(self, work, tree, number):
        return [self.executable, "backup", tree], "/"

    def listing(self, work):
        return [self.executable, "snapshots"]

    def restore(self, work, tree, out, env):
        return [self.executable, "restore", "latest", "--target", out], "/"

    def check(self, work):
        return [self.executable, "check", "--read-data"]

    def prune(self, work, tight, snapshots):
        return [[self.executable, "forget", "--keep-last", "1", "--prune", *(["--max-unused", "0"] if tight else [])]]


class Rustic(Program):
    name = "rustic"
    binary = "rustic"
    settings = "all defaults (zstd 3, chunks of 1 MiB, extra verification); a password"

    def environment(self, work):
        return {
            "RUSTIC_REPOSITORY": os.path.join(work, "repo"),
            "RUSTIC_PASSWORD": PASSWORD,
            "RUSTIC_CACHE_DIR": os.path.join(work, "cache"),
            "RUSTIC_NO_PROGRESS": "true",
        }

    def initialise(self, work):
        return [[self.executable, "init"]]

    def snapshot(self, work, tree, number):
        return [self.executable, "backup", tree], "/"

    def listing(self, work):
        return [self.executable, "snapshots", "--all"]

    def restore(self, work, tree, out, env):
        return [self.executable, "restore", "latest", out], "/"

    def check(self, work):
        return [self.executable, "check", "--read-data"]

    def prune(self, work, tight, snapshots):
        unused = ["--max-unused", "0"] if tight else []
        return [[self.executable, "forget", "--keep-last", "1"], [self.executable, "prune", "--instant-delete", *unused]]


class Kopia(Program):
    name = "kopia"
    binary = "kopia"
    settings = "defaults, but --compression=zstd (its own default stores uncompressed); a password"

    def environment(self, work):
        return {
            "KOPIA_PASSWORD": PASSWORD,
            "KOPIA_CONFIG_PATH": os.path.join(work, "kopia.config"),
            "KOPIA_CACHE_DIRECTORY": os.path.join(work, "cache"),
            "KOPIA_LOG_DIR": os.path.join(work, "logs"),
            "KOPIA_CHECK_FOR_UPDATES": "false",
        }

    def initialise(self, work):
        return [
            [self.executable, "repository", "create", "filesystem", "--path", os.path.join(work, "repo")],
            [self.executable, "policy", "set", "--global", "--compression=zstd"],
        ]

    def snapshot(self, work, tree, number):
        return [self.executable, "snapshot", "create", "--no-progress", tree], "/"

    def listing(self, work):
        return [self.executable, "snapshot", "list", "--all"]

    def restore(self, work, tree, out, env):
        known = json.loads(process.output([self.executable, "snapshot", "list", "--all", "--json"], env))
        newest = max(known, key=lambda snapshot: snapshot["startTime"])
        return [self.executable, "snapshot", "restore", newest["id"], out], "/"

    def restored(self, tree, out):
        return out

    def check(self, work):
        return [self.executable, "snapshot", "verify", "--verify-files-percent=100"]

    def prune(self, work, tight, snapshots):
        return None


class Borg(Program):
    name = "borg"
    binary = "borg"
    compression = "zstd,3"
    settings = "repokey-blake2, -C zstd,3 as restic, rustic and bupstash have it; else all defaults (chunks of 2 MiB); a password"

    def environment(self, work):
        return {"BORG_BASE_DIR": os.path.join(work, "base"), "BORG_REPO": os.path.join(work, "repo"), "BORG_PASSPHRASE": PASSWORD}

    def initialise(self, work):
        return [[self.executable, "init", "-e", "repokey-blake2"]]

    def snapshot(self, work, tree, number):
        return [self.executable, "create", "-C", self.compression, f"::a{number}", tree.lstrip("/")], "/"

    def listing(self, work):
        return [self.executable, "list"]

    def restore(self, work, tree, out, env):
        newest = process.output([self.executable, "list", "--short"], env).split()[-1]
        return [self.executable, "extract", "::" + newest], out

    def check(self, work):
        return [self.executable, "check", "--verify-data"]

    def prune(self, work, tight, snapshots):
        threshold = ["--threshold", "0"] if tight else []
        return [[self.executable, "prune", "--keep-last", "1"], [self.executable, "compact", *threshold]]


class BorgByDefault(Borg):
    name = "borg-lz4"
    compression = "lz4"
    settings = "repokey-blake2; else all defaults (lz4, chunks of 2 MiB); a password"


class Bupstash(Program):
    name = "bupstash"
    binary = "bupstash"
    settings = "--xattrs and --send-log, as the others do by default; else all defaults (zstd 3, chunks of 1 MiB); a key file"

    def environment(self, work):
        return {
            "BUPSTASH_REPOSITORY": os.path.join(work, "repo"),
            "BUPSTASH_KEY": os.path.join(work, "bench.key"),
            "BUPSTASH_QUERY_CACHE": os.path.join(work, "query.cache"),
        }

    def initialise(self, work):
        return [[self.executable, "init"], [self.executable, "new-key", "-o", os.path.join(work, "bench.key")]]

    def snapshot(self, work, tree, number):
        log = os.path.join(work, "send.log")
        return [self.executable, "put", "--xattrs", "--send-log", log, "name=tree", "::", tree], "/"

    def listing(self, work):
        return [self.executable, "list"]

    def restore(self, work, tree, out, env):
        lines = process.output([self.executable, "list", "--format=jsonl1"], env).splitlines()
        newest = json.loads(lines[-1])["id"]
        owner = ["--ownership"] if os.geteuid() == 0 else []
        return [self.executable, "restore", *owner, "--xattrs", "--into", out, "id=" + newest], "/"

    def restored(self, tree, out):
        return out

    def check(self, work):
        return None

    def prune(self, work, tight, snapshots):
        lines = process.output([self.executable, "list", "--format=jsonl1"], self.full_environment(work)).splitlines()
        forget = [[self.executable, "rm", "id=" + json.loads(line)["id"]] for line in lines[:-1]]
        return [*forget, [self.executable, "gc"]]


PEERS = (Bupstash, Restic, Rustic, Kopia, Borg)
ON_REQUEST = (BorgByDefault,)


def find(peers, asked=()):
    """The peers installed, in the folder given or else on the PATH, and the names of those that are not."""
    found, missing = [], []
    for kind in PEERS + tuple(kind for kind in ON_REQUEST if kind.name in asked):
        path = shutil.which(kind.binary, path=os.path.join(peers, "bin")) or shutil.which(kind.binary)
        if path is None:
            missing.append(kind.name)
        else:
            found.append(kind(path))
    return found, missing
