"""What Packstone aims at beside the others, and whether a results file shows it met."""

import statistics

from . import tables


def median(found):
    return statistics.median(found.values()) if found else None


class Aim:
    """A sentence, the value measured for it, and the value that it must not pass."""

    def __init__(self, text, limit, measured, least=False, digits=2):
        self.text, self.limit, self.measured, self.least, self.digits = text, limit, measured, least, digits

    def row(self):
        if self.measured is None:
            return [self.text, self._show(self.limit), "–", "not measured"]
        met = self.measured >= self.limit if self.least else self.measured <= self.limit
        return [self.text, self._show(self.limit), f"{self.measured:,.{self.digits}f}", "yes" if met else "no"]

    def _show(self, value):
        return f"{'≥' if self.least else '≤'} {value:,.{self.digits}f}"


def best(results, corpus, step, of):
    """The peer with the least median."""
    found = {}
    for name in tables.names(results, corpus):
        middle = median(tables.values(results, corpus, name, step, of))
        if not name.startswith("packstone") and name in _PEERS and middle is not None:
            found[name] = middle
    return min(found, key=found.get) if found else None


_PEERS = ("bupstash", "restic", "rustic", "kopia", "borg")


def ratio(results, corpus, step, peer, of):
    """The median of the ratios of the rounds; None when either was not measured."""
    return median(tables.ratios(results, corpus, "packstone", peer, step, of)) if peer else None


def all_of(results):
    """Every aim, in the order of the table."""
    walls = ratio_of(results, tables.wall)
    small = {}
    for record in results["small"]:
        small.setdefault(record["step"], []).append(record["wall"])
    smallest = best(results, "kernel", "third", tables.stored)
    npm = best(results, "npm", "changed", tables.stored)
    checker = best(results, "kernel", "check", tables.wall)
    scrub = None
    if "scrub" in small and "sha256sum of the packs" in small:
        scrub = statistics.median(small["scrub"]) / statistics.median(small["sha256sum of the packs"])
    return [
        Aim("kernel, first snapshot, wall time over bupstash's", 0.9, walls("kernel", "first", "bupstash")),
        Aim("kernel, first snapshot, wall time over restic's", 0.55, walls("kernel", "first", "restic")),
        Aim("kernel, changed snapshot, wall time over bupstash's", 0.5, walls("kernel", "changed", "bupstash")),
        Aim("kernel, unchanged snapshot, wall time over kopia's", 1.2, walls("kernel", "unchanged", "kopia")),
        Aim("kernel, restore to tmpfs, wall time over bupstash's", 0.9, walls("kernel", "restore-tmpfs", "bupstash")),
        Aim("kernel, restore to disk, wall time over restic's", 1.0, walls("kernel", "restore-disk", "restic")),
        Aim("kernel, restore to disk, user time over restic's", 0.6, ratio(results, "kernel", "restore-disk", "restic", lambda r: r["user"])),
        Aim(f"kernel, stored after three, over the smallest other's{named(smallest)}", 0.88, ratio(results, "kernel", "third", smallest, tables.stored)),
        Aim(f"npm, stored after the second, over the smallest other's{named(npm)}", 0.7, ratio(results, "npm", "changed", npm, tables.stored)),
        Aim(f"kernel, check of all data, wall time over the fastest other's{named(checker)}", 0.5, walls("kernel", "check", checker)),
        Aim("kernel, scrub, wall time over sha256sum of the packs", 1.3, scrub),
        Aim("kernel, forget and prune, wall time over rustic's", 1.0, walls("kernel", "prune", "rustic")),
        Aim("kernel, left by forget and prune, over borg's", 0.95, ratio(results, "kernel", "prune", "borg", tables.stored)),
        Aim("kernel, left when all is to be freed, over borg's", 0.85, ratio(results, "kernel", "prune-tight", "borg", tables.stored)),
        Aim("PostgreSQL, first snapshot, wall time over rustic's", 0.8, walls("postgres", "first", "rustic")),
        Aim("PostgreSQL, stored after the first, over rustic's", 1.0, ratio(results, "postgres", "first", "rustic", tables.stored)),
        Aim("`packstone --version`, seconds", 0.25, seconds(small, "--version")),
        Aim("`packstone snapshots` with a key file, seconds", 0.6, seconds(small, "snapshots, key file")),
        Aim("kernel, unchanged snapshot, entries per second", 100_000, entries_a_second(results, "kernel"), least=True, digits=0),
        Aim("kernel, stored by an unchanged snapshot, bytes", 10_000, unchanged_bytes(results, "kernel"), digits=0),
    ]


def named(peer):
    return f" ({peer})" if peer else ""


def ratio_of(results, of):
    return lambda corpus, step, peer: ratio(results, corpus, step, peer, of)


def seconds(small, step):
    return statistics.median(small[step]) if step in small else None


def entries_a_second(results, corpus):
    held = results["corpora"].get(corpus, {}).get("1")
    wall = median(tables.values(results, corpus, "packstone", "unchanged", tables.wall))
    return held["entries"] / wall if held and wall else None


def unchanged_bytes(results, corpus):
    first = tables.values(results, corpus, "packstone", "first", lambda r: r["stored"])
    after = tables.values(results, corpus, "packstone", "unchanged", lambda r: r["stored"])
    grown = {number: after[number] - first[number] for number in after if number in first}
    return median(grown)


def text(results):
    return tables.table(["aim", "limit", "measured", "met"], [aim.row() for aim in all_of(results)])
