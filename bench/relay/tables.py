"""Tables of what bench/relay/run measured, in Markdown: python3 bench/relay/tables.py RESULTS"""

import json
import os
import sys
from pathlib import Path
from statistics import median

RELAYS = ["direct", "haproxy", "gateway"]
TICK = 1e6 / os.sysconf("SC_CLK_TCK")  # in microseconds
BOUNDS = {"chunks": 2, "requests": 4}  # the gateway's CPU is to be at most so many times HAProxy's


def rows(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def p99(values):
    values = sorted(values)
    return values[(len(values) - 1) * 99 // 100]


def figures(out):
    begin, end = (json.loads((out / name).read_text()) for name in ("begin.json", "end.json"))
    client = json.loads((out / "client.json").read_text())
    done = {what: end["server"][what] - begin["server"][what] for what in ("chunks", "requests")}
    cpu = (end["cpuTicks"] - begin["cpuTicks"]) * TICK
    served = {row["id"]: row for row in rows(out / "server.jsonl")}
    load = json.loads((out / "load.json").read_text())
    sent = rows(out / "client.jsonl")
    begun = min(row["intended"] for row in sent) + load["untilFull"] * 1e9
    sent = [row for row in sent if 0 <= row["intended"] - begun < load["seconds"] * 1e9]
    # what the server waited before its first token is nobody's doing
    waited = [
        (row["first"] - row["sent"] - (served[row["id"]]["first"] - served[row["id"]]["read"])) / 1e6
        for row in sent
        if row["first"] and row["id"] in served
    ]
    return {
        "chunk": cpu / done["chunks"],
        "request": cpu / done["requests"],
        "kernel": (end["kernelTicks"] - begin["kernelTicks"]) * TICK / cpu,
        "switches": (end["switches"] - begin["switches"]) / done["chunks"],
        "p50": sorted(waited)[len(waited) // 2],
        "p99": p99(waited),
        "memory": end["memoryKiB"] / 1024,
        "failed": client["requests"] - client["complete"],
    }


def spread(values, digits):
    return f"{median(values):,.{digits}f} ({min(values):,.{digits}f}–{max(values):,.{digits}f})"


def table(load, folder):
    of = {r: [figures(out) for out in sorted((folder / r).iterdir())] for r in RELAYS if (folder / r).is_dir()}
    unit = "chunk" if load == "chunks" else "request"
    print(f"\n{load}:\n")
    print(f"| relay | CPU µs a {unit} | in the kernel % | to HAProxy | context switches a chunk | TTFT p50 ms | p99 ms | p99 above direct ms | MiB | not complete |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for relay, rounds in of.items():
        def mid(what, of_relay=relay):
            return median(f[what] for f in of[of_relay])
        ratio = mid(unit) / mid(unit, "haproxy") if "haproxy" in of and relay == "gateway" else None
        cells = [
            relay,
            "–" if relay == "direct" else spread([f[unit] for f in rounds], 0),
            "–" if relay == "direct" else f"{100 * mid('kernel'):.0f}",
            f"{ratio:.1f}" + (f" of {BOUNDS[load]}" if load in BOUNDS else "") if ratio else "–",
            "–" if relay == "direct" else f"{mid('switches'):.1f}",
            spread([f["p50"] for f in rounds], 2),
            spread([f["p99"] for f in rounds], 2),
            f"{mid('p99') - mid('p99', 'direct'):.2f}" if "direct" in of and relay != "direct" else "–",
            f"{mid('memory'):.0f}",
            str(sum(f["failed"] for f in rounds)),
        ]
        print("| " + " | ".join(cells) + " |")


def main(results):
    print((results / "about").read_text().rstrip())
    for load in ("chunks", "requests", "bursts"):
        if (results / load).is_dir():
            table(load, results / load)


main(Path(sys.argv[1]))
