"""The file of results: what was measured, where, with what. Rounds of several runs add up in one file."""

import json
import os
import platform
import subprocess
import time


def machine():
    """What the numbers depend on."""
    model = "unknown"
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "kernel": platform.release(),
        "system": _pretty(),
    }


def _pretty():
    try:
        with open("/etc/os-release", encoding="utf-8") as lines:
            return next(line.split("=", 1)[1].strip().strip('"') for line in lines if line.startswith("PRETTY_NAME"))
    except (OSError, StopIteration):
        return platform.system()


def commit(checkout):
    """The commit measured; a `+` says that the work tree differed from it."""
    try:
        name = subprocess.run(["git", "-C", checkout, "rev-parse", "--short=12", "HEAD"], capture_output=True, text=True, check=True)
        dirty = subprocess.run(
            ["git", "-C", checkout, "status", "--porcelain", "--", "store", "cli", "packstone", "pom.xml"],
            capture_output=True, text=True, check=True,
        )
        return name.stdout.strip() + ("+" if dirty.stdout.strip() else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def new(checkout):
    return {
        "commit": commit(checkout), "machine": machine(), "date": time.strftime("%Y-%m-%d"), "command": "",
        "programs": {}, "missing": [], "corpora": {}, "records": [], "small": [], "failures": [], "parts": {}, "stages": [],
    }


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def save(path, results):
    """One record a line, so that a diff can be read; whole or not at all."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write("{\n")
        for place, (key, value) in enumerate(results.items()):
            end = ",\n" if place + 1 < len(results) else "\n"
            if isinstance(value, list) and value and isinstance(value[0], dict):
                rows = ",\n  ".join(json.dumps(row) for row in value)
                file.write(f" {json.dumps(key)}: [\n  {rows}]{end}")
            else:
                file.write(f" {json.dumps(key)}: {json.dumps(value)}{end}")
        file.write("}\n")
    os.replace(path + ".new", path)
