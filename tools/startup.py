#!/usr/bin/env python3
"""Times whole processes against each other: tools/startup.py [-n RUNS] COMMAND COMMAND …

The commands run in turn, so that a machine that gets slower slows all of them. Printed are the median wall time of each
and the median of its ratios to the first one, pair by pair. For the one-shot figure of the README:

    cargo install jwt-cli && cargo build --release
    tools/startup.py "jwt decode TOKEN" "target/release/tokentriage inspect FILE"
"""
import argparse
import os
import shlex
import shutil
import statistics
import sys
import time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("-n", type=int, default=400, help="runs of each command")
parser.add_argument("commands", nargs="+")
options = parser.parse_args()
null = os.open(os.devnull, os.O_RDWR)


def run(words):
    """One run, in seconds."""
    actions = [(os.POSIX_SPAWN_DUP2, null, stream) for stream in (0, 1, 2)]
    start = time.perf_counter()
    os.waitpid(os.posix_spawn(words[0], words, os.environ, file_actions=actions), 0)
    return time.perf_counter() - start


commands = []
for command in options.commands:
    words = shlex.split(command)
    program = shutil.which(words[0])
    if program is None:
        sys.exit(f"there is no program {words[0]}")
    commands.append([program, *words[1:]])
times = [[] for _ in commands]
for _ in range(options.n):
    for words, list_of_times in zip(commands, times):
        list_of_times.append(run(words))
for command, list_of_times in zip(options.commands, times):
    ratio = statistics.median(one / first for one, first in zip(list_of_times, times[0]))
    shown = command if len(command) < 60 else command[:57] + "..."
    print(f"{statistics.median(list_of_times) * 1000:8.3f} ms  {ratio:6.3f}  {shown}")
