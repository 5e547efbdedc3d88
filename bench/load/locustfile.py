"""Locust's part of bench/load: reads each stream by lines and takes one without [DONE] for a failure.

Which of the two users is Locust's command line's matter. A rate that does not depend on the answers is the wait time's
(constant_throughput), and enough users.
"""
import itertools
import json
import os
import random
import time

from locust import FastHttpUser, HttpUser, constant_throughput, events

TOKENS = int(os.environ["BENCH_TOKENS"])
TIMEOUT = float(os.environ["BENCH_TIMEOUT"])
PER_USER = float(os.environ["BENCH_PER_USER"])
FILLER = "Tell what each ship of the convoy carries. " * 7
numbers = itertools.count()
first_tokens = []


@events.quitting.add_listener
def write_rows(**_):
    with open(os.environ["BENCH_ROWS"], "w") as rows:
        for name, at in first_tokens:
            rows.write(json.dumps({"id": name, "first": at}) + "\n")


def wait_a_moment(_user):
    time.sleep(random.random())  # users are spawned once a second: else their requests come in bursts


def chat(user):
    name = f"locust-{next(numbers)}"
    body = {
        "model": "bench",
        "messages": [{"role": "user", "content": f"Request {name}. {FILLER}"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_tokens": TOKENS,
    }
    with user.client.post(
        "/chat/completions", json=body, headers={"x-request-id": name}, stream=True, catch_response=True, **user.options
    ) as answer:
        if answer.status_code != 200:
            answer.failure(f"HTTP {answer.status_code}")
            return
        first, done = 0, False
        try:
            for line in user.lines(answer):
                if line.startswith(b"data: [DONE]"):
                    done = True
                elif first == 0 and line.startswith(b"data: "):
                    first = time.time_ns()
                    first_tokens.append((name, first))
        except Exception as e:
            answer.failure(str(e))
        else:
            if not done:
                answer.failure("no [DONE]")


class Fast(FastHttpUser):
    network_timeout = TIMEOUT
    options = {}
    wait_time = constant_throughput(PER_USER)
    on_start = wait_a_moment
    tasks = [chat]

    def lines(self, answer):
        # not iter_lines, which waits until 1,024 bytes are there
        return iter(lambda: answer.stream.readline(b"\n"), b"")


class Requests(HttpUser):
    options = {"timeout": TIMEOUT}
    wait_time = constant_throughput(PER_USER)
    on_start = wait_a_moment
    tasks = [chat]

    def lines(self, answer):
        return answer.iter_lines()
