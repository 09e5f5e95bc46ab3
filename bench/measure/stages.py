"""The single stages, by JMH, on bytes of the kernel corpus; and what they add up to beside the commands measured."""

import glob
import json
import os
import re
import subprocess

from . import files, process
from .rounds import say

SAMPLE_BLOCKS = 16
BLOCK = 4 << 20


def build(checkout):
    """Compiles the benchmarks, apart from other builds; the class path."""
    target = "target/bench"
    log = os.path.join(checkout, "bench", target, "build.log")
    os.makedirs(os.path.dirname(log), exist_ok=True)
    command = ["mvn", "-B", "-ntp", "-pl", "bench", "-am", "package", "-Dmaven.test.skip=true", f"-Dpackstone.target={target}"]
    process.run(command, dict(os.environ), checkout, log)
    folder = os.path.join(checkout, "bench", target)
    with open(os.path.join(folder, "classpath"), encoding="utf-8") as file:
        return os.path.join(folder, "classes") + ":" + file.read().strip()


def java(wanted):
    """The Java of that version, which is the one that the launcher picked; else the one on the PATH."""
    places = [os.environ.get("PACKSTONE_JAVA_HOME", ""), os.environ.get("JAVA_HOME", "")]
    for pattern in ("/usr/lib/jvm/*", "/usr/java/*", "/opt/*", "~/.sdkman/candidates/java/*", "~/.jdks/*"):
        places += glob.glob(os.path.expanduser(pattern))
    for place in places:
        release = os.path.join(place, "release")
        if place and os.path.isfile(release) and os.access(os.path.join(place, "bin", "java"), os.X_OK):
            with open(release, encoding="utf-8") as lines:
                if f'JAVA_VERSION="{wanted}"' in lines.read():
                    return os.path.join(place, "bin", "java")
    return "java"


def version_of(line):
    """The Java version in what `packstone --version` prints."""
    found = re.search(r"Java ([0-9][^)\s]*)", line)
    return found.group(1) if found else ""


def sample(tree, path):
    """Writes 16 runs of 4 MiB of neighbouring files, evenly spread over a tree; the same at each call."""
    found = sorted(entry.path for entry in files.walk(tree) if entry.is_file(follow_symlinks=False))
    with open(path, "wb") as out:
        for block in range(SAMPLE_BLOCKS):
            run = bytearray()
            place = len(found) * block // SAMPLE_BLOCKS
            while len(run) < BLOCK:
                with open(found[place % len(found)], "rb") as file:
                    run += file.read(BLOCK)
                place += 1
            out.write(run[:BLOCK])


def measure(checkout, folder, tree, java_version):
    """Runs every benchmark; name, unit, score and error of each."""
    classpath, runtime = build(checkout), java(java_version)
    raw = os.path.join(folder, "stages.json")
    options = ["-jvmArgs", "-Xmx1g -XX:+UseSerialGC"]
    if tree:
        source = os.path.join(folder, "sample")
        sample(tree, source)
        options = ["-jvmArgs", f"-Xmx1g -XX:+UseSerialGC -Dbench.input={source}"]
    say("bench: single stages (JMH), about 5 min")
    command = [runtime, "-cp", classpath, "org.openjdk.jmh.Main", "-rf", "json", "-rff", raw, "-foe", "true", *options]
    process.run(command, dict(os.environ), folder, os.path.join(folder, "stages.log"), limit=1800)
    with open(raw, encoding="utf-8") as file:
        return [_stage(result) for result in json.load(file)]


def _stage(result):
    name = ".".join(result["benchmark"].split(".")[-2:]).replace("Benchmark.", ".")
    parameters = result.get("params") or {}
    if parameters:
        name += " " + " ".join(parameters.values())
    metric = result["primaryMetric"]
    error = metric["scoreError"]
    return {"name": name, "score": metric["score"], "error": error if isinstance(error, float) else 0.0, "jdk": result["jdkVersion"]}


def parts(checkout, work, key, java_version):
    """What the stored bytes of a repository are for; leaves nothing behind."""
    scratch = os.path.join(work, "parts-index")
    os.makedirs(scratch, exist_ok=True)
    command = [java(java_version), "-cp", build(checkout), "io.packstone.bench.StoredParts"]
    done = subprocess.run([*command, os.path.join(work, "repo"), scratch, key], capture_output=True, text=True, check=False)
    files.remove(scratch)
    if done.returncode != 0:
        raise process.CommandFailed("StoredParts: " + done.stderr[-400:])
    return json.loads(done.stdout)
