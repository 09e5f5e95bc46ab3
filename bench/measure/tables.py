"""Tables of a results file, for the terminal and for docs/bench.md."""

import statistics

SNAPSHOTS = ("first", "unchanged", "changed", "third")
STEPS = ("first", "unchanged", "changed", "third", "restore-tmpfs", "restore-disk", "check", "list", "prune", "prune-tight")
AFTER = (*SNAPSHOTS, "prune", "prune-tight")
TITLES = {
    "first": "first", "unchanged": "unchanged", "changed": "changed", "third": "third", "restore-tmpfs": "restore, tmpfs",
    "restore-disk": "restore, disk", "check": "check, all data", "list": "list", "prune": "prune", "prune-tight": "prune, all",
}


def values(results, corpus, program, step, of):
    """One value a round, by round."""
    return {
        record["round"]: of(record)
        for record in results["records"]
        if (record["corpus"], record["program"], record["step"]) == (corpus, program, step)
    }


def wall(record):
    return record["wall"]


def cpu(record):
    return record["user"] + record["system"]


def peak(record):
    return record["peak"] / 1e6


def stored(record):
    return record["stored"] / 1e6


def spread(found, digits):
    """Median, and least and most when there are several."""
    if not found:
        return "–"
    listed = list(found.values())
    middle = f"{statistics.median(listed):.{digits}f}"
    if len(listed) == 1 or min(listed) == max(listed):
        return middle
    return f"{middle} ({min(listed):.{digits}f}–{max(listed):.{digits}f})"


def ratios(results, corpus, ours, peer, step, of):
    """Ours over the peer's, round by round."""
    mine, theirs = values(results, corpus, ours, step, of), values(results, corpus, peer, step, of)
    return {number: mine[number] / theirs[number] for number in mine if theirs.get(number)}


def table(head, rows):
    """Markdown that reads well as text."""
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]

    def line(cells):
        padded = [cells[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(cells[1:], widths[1:])]
        return "| " + " | ".join(padded) + " |"

    rule = "|" + "-" * (widths[0] + 2) + "|" + "|".join("-" * (width + 1) + ":" for width in widths[1:]) + "|"
    return "\n".join([line(head), rule, *map(line, rows)])


def names(results, corpus):
    found = []
    for record in results["records"]:
        if record["corpus"] == corpus and record["program"] not in found:
            found.append(record["program"])
    return sorted(found, key=lambda name: list(results["programs"]).index(name))


def measured(results, corpus, choice=STEPS):
    there = {record["step"] for record in results["records"] if record["corpus"] == corpus}
    return [step for step in choice if step in there]


def matrix(results, corpus, choice, of, digits):
    columns = measured(results, corpus, choice)
    rows = [
        [program, *(spread(values(results, corpus, program, step, of), digits) for step in columns)]
        for program in names(results, corpus)
    ]
    return table(["", *(TITLES[step] for step in columns)], rows)


def comparison(results, corpus):
    """Packstone over each peer."""
    columns = measured(results, corpus)
    rows = []
    for peer in names(results, corpus):
        if peer != "packstone":
            cells = [spread(ratios(results, corpus, "packstone", peer, step, wall), 2) for step in columns]
            last = [s for s in SNAPSHOTS if s in columns][-1:]
            cells.append(spread(ratios(results, corpus, "packstone", peer, last[0], stored), 3) if last else "–")
            rows.append([peer, *cells])
    return table(["packstone /", *(TITLES[step] for step in columns), "bytes stored"], rows)


PARTS = (
    ("Wall time, seconds", STEPS, wall, 2),
    ("Processor time, user and system, seconds", STEPS, cpu, 2),
    ("Peak memory of the largest process, MB", STEPS, peak, 0),
    ("Stored after the step, MB", AFTER, stored, 1),
)


def corpus_text(results, corpus):
    blocks = [f"{title}:\n\n{matrix(results, corpus, choice, of, digits)}" for title, choice, of, digits in PARTS]
    if "packstone" in names(results, corpus):
        blocks.append(f"Ratios, Packstone over the other, wall time, and bytes after the last snapshot:\n\n{comparison(results, corpus)}")
    return "\n\n".join(blocks)


def small_text(results):
    found = {}
    for record in results["small"]:
        found.setdefault(record["step"], []).append(record["wall"])
    rows = [[step, spread(dict(enumerate(seconds)), 3)] for step, seconds in found.items()]
    return table(["Packstone alone", "seconds"], rows) if rows else ""


def text(results):
    """Everything, for a terminal."""
    blocks = []
    for corpus in results["corpora"]:
        blocks.append(f"== {corpus}: {results['corpora'][corpus]}\n\n{corpus_text(results, corpus)}")
    blocks.append(small_text(results))
    blocks += ["FAILED " + failure for failure in results["failures"]]
    return "\n\n".join(block for block in blocks if block)
