"""The single stages beside what their primitives can do, and their sum beside the commands measured."""

import statistics

from . import tables

MIB = 1 << 20
FILES_OF_21 = 21 / 20  # in the tree of the benchmark, 20 entries of 21 are files

# Name in JMH, what it is, unit, what one second's score is divided by, and what the primitive alone was seen to do on such
# a machine: GB a second of one core, or thousands a second.
STAGES = (
    ("Stage.cut", "cut", "GB/s", 1e9 / MIB, "2.0–2.7 on Java 17, 3.4–5.1 on 25"),
    ("Stage.hash", "name (HMAC-SHA-256)", "GB/s", 1e9 / MIB, "1.6–1.7"),
    ("Stage.checksum", "checksum (CRC-32C)", "GB/s", 1e9 / MIB, "20–50"),
    ("Stage.seal", "seal", "GB/s", 1e9 / MIB, "9.5"),
    ("Stage.open", "open", "GB/s", 1e9 / MIB, "9.5"),
    ("Codec.compress auto", "compress, default", "GB/s", 1e9 / MIB, "0.36"),
    ("Codec.compress zstd:1", "compress, zstd 1", "GB/s", 1e9 / MIB, "0.47"),
    ("Codec.compress lz4", "compress, LZ4", "GB/s", 1e9 / MIB, "0.59–0.70"),
    ("Codec.decompress auto", "decompress, default", "GB/s", 1e9 / MIB, "1.0–1.6"),
    ("Codec.decompress lz4", "decompress, LZ4", "GB/s", 1e9 / MIB, "3.7–7.6"),
    ("Index.miss", "look up, not there", "k/s", 1e3, "1,300–2,000"),
    ("Index.hitAnywhere", "look up, anywhere", "k/s", 1e3, "120–150"),
    ("Index.hitInOrder", "look up, next to the last", "k/s", 1e3, ""),
    ("Tree.walk", "walk, entries", "k/s", 1e3, "438–464"),
    ("Tree.walkAndRead", "walk and read files of 16 KiB", "k/s", 1e3, "170–195 without the walk"),
    ("Tree.manifestBuild", "build a manifest, entries", "k/s", 1e3, ""),
    ("Tree.manifestRead", "read a manifest, entries", "k/s", 1e3, ""),
)


def scores(results):
    return {stage["name"]: stage for stage in results["stages"]}


def stage_table(results):
    found = scores(results)
    rows = []
    for name, title, unit, divisor, limit in STAGES:
        if name in found:
            score, error = found[name]["score"] / divisor, found[name]["error"] / divisor
            digits = 2 if unit == "GB/s" else 0
            rows.append([title, f"`{name.split()[0]}`", unit, f"{score:,.{digits}f} ± {error:,.{digits}f}", limit])
    return tables.table(["stage, one thread", "benchmark", "unit", "measured", "the primitive alone"], rows)


class Costs:
    """Seconds of processor time for so much of something, at the speed of its stage."""

    def __init__(self, results, corpus):
        self._found = scores(results)
        self._records = [r for r in results["records"] if r["corpus"] == corpus and r["program"] == "packstone"]
        self._parts = results["parts"][corpus]
        self._starts = [r["user"] + r["system"] for r in results["small"] if r["step"] == "snapshots, key file"]
        self._held = list(results["corpora"][corpus].values())

    def entries(self, name, count):
        return count / self._found[name]["score"]

    def bytes(self, name, count):
        return count / MIB / self._found[name]["score"]

    def of(self, step, value):
        found = [r[value] for r in self._records if r["step"] == step and value in r]
        return statistics.median(found) if found else 0

    def processor(self, step):
        found = [r["user"] + r["system"] for r in self._records if r["step"] == step]
        return statistics.median(found) if found else None

    def start(self):
        return statistics.median(self._starts) if self._starts else 0

    def _read(self, held):
        both = self.entries("Tree.walkAndRead", 1) - self.entries("Tree.walk", 1)
        return held["files"] * both * FILES_OF_21

    def snapshot(self, step, version):
        """What a snapshot does that reads everything."""
        held = self._held[version]
        read, new = self.of(step, "bytesRead"), self.of(step, "bytesNew")
        chunk = self._parts["dataPlain"] / self._parts["chunks"]
        sealed = new * self._parts["data"] / self._parts["dataPlain"]
        return {
            "start": self.start(),
            "walk": self.entries("Tree.walk", held["entries"]),
            "open and read": self._read(held),
            "cut": self.bytes("Stage.cut", read),
            "checksum": self.bytes("Stage.checksum", read),
            "name": self.bytes("Stage.hash", read),
            "look up": self.entries("Index.miss", new / chunk) + self.entries("Index.hitInOrder", (read - new) / chunk),
            "compress": self.bytes("Codec.compress auto", new),
            "seal": self.bytes("Stage.seal", sealed),
            "verify (open, decompress)": self.bytes("Stage.open", sealed) + self.bytes("Codec.decompress auto", new),
            "manifest": self.entries("Tree.manifestBuild", held["entries"])
            + (self.entries("Tree.manifestRead", held["entries"]) if version else 0),
        }

    def unchanged(self):
        entries = self._held[0]["entries"]
        return {
            "start": self.start(),
            "walk": self.entries("Tree.walk", entries),
            "manifest": self.entries("Tree.manifestBuild", entries) + self.entries("Tree.manifestRead", entries),
        }

    def restore(self):
        held = self._held[-1]
        sealed = held["bytes"] * self._parts["data"] / self._parts["dataPlain"]
        return {
            "start": self.start(),
            "manifest": self.entries("Tree.manifestRead", held["entries"]),
            "checksum": self.bytes("Stage.checksum", held["bytes"]),
            "name": self.bytes("Stage.hash", held["bytes"]),
            "verify (open, decompress)": self.bytes("Stage.open", sealed) + self.bytes("Codec.decompress auto", held["bytes"]),
        }

    def check(self):
        plain, sealed = self._parts["dataPlain"], self._parts["data"]
        return {
            "start": self.start(),
            "name": self.bytes("Stage.hash", plain),
            "verify (open, decompress)": self.bytes("Stage.open", sealed) + self.bytes("Codec.decompress auto", plain),
        }


ROWS = (
    "start", "walk", "open and read", "cut", "checksum", "name", "look up", "compress", "seal",
    "verify (open, decompress)", "manifest",
)


def text(results, corpus="kernel"):
    """Processor seconds of each stage by its own speed, their sum, and what the whole command took."""
    if corpus not in results["parts"] or not any(record["corpus"] == corpus for record in results["records"]):
        return ""
    costs = Costs(results, corpus)
    columns = {"first": costs.snapshot("first", 0), "unchanged": costs.unchanged(), "changed": costs.snapshot("changed", 1)}
    columns.update({"restore-tmpfs": costs.restore(), "check": costs.check()})
    columns = {step: found for step, found in columns.items() if costs.processor(step) is not None}
    rows = [[row, *(f"{found[row]:.2f}" if row in found else "" for found in columns.values())] for row in ROWS]
    sums = {step: sum(found.values()) for step, found in columns.items()}
    rows.append(["sum of the stages", *(f"{sums[step]:.2f}" for step in columns)])
    rows.append(["measured, whole command", *(f"{costs.processor(step):.2f}" for step in columns)])
    rows.append(["the rest", *(f"{costs.processor(step) - sums[step]:.2f}" for step in columns)])
    return tables.table(["processor seconds", *(tables.TITLES[step] for step in columns)], rows)
