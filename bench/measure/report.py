"""Writes docs/bench.md and its plots: what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` is replaced."""

import os
import re

from . import aims, corpora, plots, sums, tables

TITLES = {"kernel": "Kernel sources", "postgres": "PostgreSQL", "npm": "npm"}


def write(results, checkout):
    """Fills every marked part of the page that the results have something for."""
    page = os.path.join(checkout, "docs", "bench.md")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    for name, part in sections(results).items():
        text = fill(text, name, part)
    for name in results["corpora"]:
        with open(os.path.join(checkout, "docs", f"bench-{name}.svg"), "w", encoding="utf-8") as file:
            file.write(plots.corpus(results, name, TITLES[name] + ": " + corpora.ABOUT[name]))
    with open(page, "w", encoding="utf-8") as file:
        file.write(text)


def fill(text, name, part):
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    if not pattern.search(text):
        raise ValueError(f"docs/bench.md has no part {name}")
    return pattern.sub(lambda _: f"{begin}\n{part}\n{end}", text)


def sections(results):
    """The text of each marked part."""
    parts = {"setup": setup(results), "aims": aims.text(results), "small": tables.small_text(results)}
    for name in results["corpora"]:
        picture = f"![Bars of the tables below](bench-{name}.svg)"
        parts[name] = f"{picture}\n\n{tables.corpus_text(results, name)}"
    if results["parts"]:
        parts["parts"] = stored_parts(results["parts"])
    if results["stages"]:
        parts["stages"] = sums.stage_table(results)
        parts["sums"] = sums.text(results)
    return parts


def setup(results):
    machine = results["machine"]
    rounds = {}
    for record in results["records"]:
        rounds.setdefault(record["corpus"], set()).add(record["round"])
    lines = [
        f"Made by `{results['command'].strip()}` at commit {results['commit']} on {results['date']}, on {machine['cores']} cores "
        f"({machine['cpu']}), {machine['memory'] / 2**30:.0f} GiB, {machine['system']}, Linux {machine['kernel']}; rounds: "
        + ", ".join(f"{name} {len(found)}" for name, found in rounds.items()) + ".",
        "",
        tables.table(["program", "version", "settings"], [[n, p["version"], p["settings"]] for n, p in results["programs"].items()]),
        "",
    ]
    if results["missing"]:
        lines += [f"Not installed there, and so not measured: {', '.join(results['missing'])}.", ""]
    lines += [f"Failed: {failure}" for failure in results["failures"]]
    rows = [
        [TITLES[name], version, f"{held['entries']:,}", f"{held['files']:,}", f"{held['bytes'] / 1e6:,.1f}"]
        for name, versions in results["corpora"].items()
        for version, held in versions.items()
    ]
    return "\n".join([*lines, tables.table(["corpus", "version", "entries", "files", "MB"], rows)])


def stored_parts(parts):
    """What the stored bytes are for, corpus by corpus, after the last snapshot."""
    names = (("data", "data"), ("manifests", "manifests"), ("packTables", "ids, in packs"), ("index", "ids, in the index"), ("other", "the rest"))
    rows = []
    for corpus, held in parts.items():
        whole = sum(held[key] for key, _ in names)
        rows.append([TITLES[corpus], *(f"{held[key] / 1e6:.2f}" for key, _ in names), f"{whole / 1e6:.2f}", f"{held['chunks']:,}"])
    return tables.table(["MB stored for", *(title for _, title in names), "all", "chunks"], rows)
