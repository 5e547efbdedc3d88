"""What bench/load/run measured, as tables in Markdown: tables.py RESULTS, a folder SCENARIO/TOOL/ROUND (for faults: TOOL/FAULT)."""
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median

TICKS = os.sysconf("SC_CLK_TCK")
TOOLS = ["muster", "go", "locust", "locust-requests", "vegeta", "oha"]
FAULTS = {
    "truncated": "body ends cleanly after half of the tokens",
    "fin": "connection closed after half",
    "rst": "connection reset after half",
    "no-done": "all but `[DONE]`",
    "doubled": "one token twice",
    "error": "error object and `[DONE]` after half",
    "503": "503 with an error in JSON",
    "stall": "nothing more after half",
}


def told(folder):
    """What the tool printed, which is JSON with all of them but vegeta, whose report makes it."""
    if (folder / "vegeta.bin").exists():
        vegeta = folder.parents[3] / "bin" / "vegeta"
        return json.loads(subprocess.run([vegeta, "report", "-type=json", folder / "vegeta.bin"], check=True, capture_output=True).stdout)
    return json.loads((folder / "stdout").read_text())


def outcomes(tool, folder):
    """How many requests ended how, in the tool's own words; the first is what it counts as success."""
    own = told(folder)
    if tool in ("muster", "go"):
        good = "COMPLETE" if tool == "muster" else "complete"
        return Counter({good: own["complete"]}) + Counter({k: v for k, v in own["outcomes"].items() if k != good})
    if tool.startswith("locust"):
        asked, failed = (sum(each[key] for each in own) for key in ("num_requests", "num_failures"))
        return Counter({"success": asked - failed, "failure": failed})
    if tool == "vegeta":
        good = round(own["success"] * own["requests"])
        return Counter({"success": good, "failure": own["requests"] - good})
    return Counter({"success": sum(own["statusCodeDistribution"].values())}) + Counter(own["errorDistribution"])


def lines(file):
    with open(file) as rows:
        return [json.loads(row) for row in rows]


def percentile(values, share):
    return sorted(values)[int((len(values) - 1) * share)] if values else float("nan")


def lags(folder, names, since=0, until=float("inf")):
    """Milliseconds from the server's stamps to the client's, of those that both have, by the id of the request."""
    client = {row["id"]: row for row in lines(folder / "rows.jsonl")}
    found = []
    for row in lines(folder / "server.jsonl"):
        for name in names:
            if since <= row[name] < until and client.get(row["id"], {}).get(name):
                found.append((client[row["id"]][name] - row[name]) / 1e6)
    return found


def used(folder):
    """What the tool used between the two samples, and what the server did."""
    begin, end = (json.loads((folder / f"{name}.json").read_text()) for name in ("begin", "end"))
    seconds = (end["nanos"] - begin["nanos"]) / 1e9
    cpu = (end["cpuTicks"] - begin["cpuTicks"]) / TICKS
    chunks, requests = (end["server"][key] - begin["server"][key] for key in ("chunks", "requests"))
    return {
        "begin": begin["nanos"], "end": end["nanos"], "core": 100 * cpu / seconds, "memory": end["memoryKiB"] / 1024, "open": end["server"]["open"],
        "chunks": chunks / seconds, "requests": requests / seconds,
        "chunkMicros": cpu / chunks * 1e6 if chunks else float("nan"), "requestMillis": cpu / requests * 1e3 if requests else float("nan"),
    }


def rounds(results, scenario):
    """Folders of each tool's rounds; one that ended before its window is told, and not counted."""
    found = {}
    for tool in TOOLS:
        for folder in sorted((results / scenario / tool).glob("*")):
            if (folder / "end.json").exists():
                found.setdefault(tool, []).append(folder)
            else:
                print(f"{tool} ended before its window in round {folder.name} of {scenario}.\n")
    return found


def table(title, columns, rows):
    print(f"### {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    print()


def of(runs, key, form="{:,.0f}"):
    return form.format(median(run[key] for run in runs))


def spread(runs, key, form):
    low, high = min(run[key] for run in runs), max(run[key] for run in runs)
    return of(runs, key, form) if len(runs) == 1 else f"{of(runs, key, form)} ({form.format(low)}–{form.format(high)})"


def costs(results, scenario):
    runs = {tool: [used(folder) for folder in folders] for tool, folders in rounds(results, scenario).items()}

    def ratio(tool, other):
        if other not in runs or tool == other:
            return "–"
        return f"{median(r['chunkMicros'] for r in runs[tool]) / median(r['chunkMicros'] for r in runs[other]):.2f}"

    load = json.loads(next((results / scenario).glob("*/*/load.json")).read_text())
    table(
        f"{load['rate'] * load['tokens']:,} chunks/s: {load['rate']} requests/s of {load['tokens']} tokens",
        ["tool", "chunks/s", "% of a core", "CPU µs a chunk", "CPU ms a request", "to Go", "to Locust", "memory MiB"],
        [
            [tool, of(r, "chunks"), of(r, "core", "{:.1f}"), spread(r, "chunkMicros", "{:.1f}"), of(r, "requestMillis", "{:.2f}"),
             ratio(tool, "go"), ratio(tool, "locust"), of(r, "memory")]
            for tool, r in runs.items()
        ],
    )


def streams(results):
    rows = []
    for tool, folders in rounds(results, "streams").items():
        runs = []
        for folder in folders:
            run, own = used(folder), told(folder)
            late = lags(folder, ("first", "last"), run["begin"], run["end"])
            run |= {f"send{key}": own["sendLagMillis"][key] for key in ("p50", "p99", "max")}
            run |= {"receive50": percentile(late, 0.5), "receive99": percentile(late, 0.99), "receiveMax": max(late, default=float("nan"))}
            run |= {"peak": own["peakMemoryMiB"], "pause": own.get("gcPauseMaxMillis", float("nan"))}
            runs.append(run)
        rows.append(
            [tool, f"{sum(own['complete'] for own in map(told, folders)):,} of {sum(own['requests'] for own in map(told, folders)):,}",
             of(runs, "open"), of(runs, "memory"), of(runs, "peak"), of(runs, "core", "{:.1f}"),
             " / ".join(of(runs, key, "{:.2f}") for key in ("sendp50", "sendp99", "sendmax")),
             " / ".join(of(runs, key, "{:.2f}") for key in ("receive50", "receive99", "receiveMax")),
             of(runs, "pause") if tool == "muster" else "–"]
        )
    table(
        "Open streams, one token a second each",
        ["tool", "complete, all rounds", "open", "memory MiB", "peak MiB", "% of a core", "send lag p50 / p99 / max ms", "receive lag p50 / p99 / max ms", "longest GC pause ms"],
        rows,
    )


def rate(results):
    rows = []
    for tool, folders in rounds(results, "rate").items():
        runs = [used(folder) for folder in folders]
        asked = [row for folder in folders for row in lines(folder / "server.jsonl")]
        ended = sum((outcomes(tool, folder) for folder in folders), Counter())
        rows.append(
            [tool, of(runs, "requests"), f"{len(asked):,}", f"{sum(row['whole'] for row in asked):,}",
             ", ".join(f"{name} {count:,}" for name, count in ended.items()), of(runs, "requestMillis", "{:.2f}"), of(runs, "core", "{:.1f}")]
        )
    table(
        "Requests by outcome, all rounds",
        ["tool", "requests/s", "the server read", "and answered in full", "outcomes, as the tool counts", "CPU ms a request", "% of a core"],
        rows,
    )


def ttft(results):
    rows = []
    for tool, folders in rounds(results, "ttft").items():
        runs = []
        for folder in folders:
            window = used(folder)
            apart = [abs(lag) for lag in lags(folder, ("first",), window["begin"], window["end"])]
            runs.append({"n": len(apart), "p50": percentile(apart, 0.5), "p99": percentile(apart, 0.99), "max": max(apart, default=float("nan"))})
        rows.append([tool, f"{sum(run['n'] for run in runs):,}"] + [of(runs, key, "{:.3f}") for key in ("p50", "p99", "max")])
    table("First token: the client's stamp less the server's", ["tool", "requests", "p50 ms", "p99 ms", "max ms"], rows)


def faults(results):
    tools = [tool for tool in TOOLS if (results / "faults" / tool).exists()]

    def cell(tool, fault):
        folder = results / "faults" / tool / fault
        if not (folder / "server.jsonl").exists():
            return "–"
        journal = lines(folder / "server.jsonl")
        whole, spoilt = sum(row["whole"] for row in journal), sum("fault" in row for row in journal)
        ended = outcomes(tool, folder)
        wrong = next((ended[name] for name in ("COMPLETE", "complete", "success") if name in ended), 0) - whole
        return f"{wrong} of {spoilt}" if wrong >= 0 else f"0 of {spoilt}, but {-wrong} whole ones not"

    table(
        "Spoilt answers that count as success",
        ["every fifth answer", *tools],
        [[words, *(cell(tool, fault) for tool in tools)] for fault, words in FAULTS.items()],
    )


def starved(results):
    rows = []
    for kind, words in {
        "hogs": "eight busy loops on its core for 8 s",
        "stopped": "SIGSTOP for 5 s",
        "collected": "a collection of 4 million objects",
    }.items():
        for folder in sorted((results / "starved" / kind).iterdir()):
            said = told(folder)
            ended = Counter(said["outcomes"])
            own = ended["COMPLETE"] + ended["GENERATOR_LATE"] + ended["NOT_SENT"]
            counts = [said["requests"], ended["COMPLETE"], ended["GENERATOR_LATE"], said["requests"] - own]
            late = f'{said["late"]}, by up to {said["lateMaxMillis"]} ms'
            rows.append([words, folder.name, *map(str, counts), late, f'{said["gcPauseMaxMillis"]} ms'])
    table(
        "A generator that is starved, and a healthy server",
        ["what", "run", "requests", "complete", "generator late", "blamed on the server", "times late", "longest collection"],
        rows,
    )


def main(results):
    command, *about = (results / "about").read_text().splitlines()
    print(f"`{command}`: {'; '.join(about)}\n")
    for scenario in ("chunks-2000", "chunks-25000"):
        if (results / scenario).exists():
            costs(results, scenario)
    for scenario in (streams, rate, ttft, faults, starved):
        if (results / scenario.__name__).exists():
            scenario(results)


main(Path(sys.argv[1]).resolve())
