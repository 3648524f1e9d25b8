#!/usr/bin/env python3
"""Write the table of calls and the permissions that they take (src/catalog/data/paths.bin).

    python3 tools/permissions.py FACTS          write the table, print counts and sizes
    python3 tools/permissions.py FACTS --check  write nothing, fail if the table would change

Python 3, standard library only. The same input always gives the same bytes. FACTS is a folder of collected facts with
permissions/paths.csv and permissions/permissions.csv; tools/permissions/overlay.tsv adds what those lack. Permissions
are named by their row in src/catalog/data/permissions.tsv, so tools/catalog.py has to be run first.

What is decided here, once, so that nothing has to be computed when the table is asked (src/permission/compile.rs does
the same for a document that a person supplies, and a test compares the two):
* several permissions flagged as least: the one that opens only this method on the path, else the fewest methods;
* the order of the permissions of one call: see `order`;
* a pair (permission, also required permission) that is stored from both sides is kept once.

The format is described in src/permission/table.rs.
"""

import csv
import gzip
import pathlib
import re
import struct
import sys
from collections import defaultdict

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "src" / "catalog" / "data"
OVERLAY = HERE / "permissions" / "overlay.tsv"

METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]
SCHEMES = ["W", "P", "A"]
LEVELS = {"W": "priv_delegated_work", "P": "priv_delegated_personal", "A": "priv_application"}
REMARKS = {"": 0, "batch": 1, "subscription": 2}
FAMILY = ["ReadBasic", "Read", "ReadWrite", "Manage", "FullControl"]
LEAST = 0x8000
# Segments that stand for values.
PLACEHOLDERS = [b"...", b"{id}", b"{id}:"]
# How many segments, nodes or lists share one entry where only samples are kept.
SAMPLE = 32


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_tsv(path):
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header, *rows = [line.split("\t") for line in lines]
    return [dict(zip(header, row + [""] * (len(header) - len(row)))) for row in rows]


# --- templates ----------------------------------------------------------------------------------------------------


def template(path):
    """The template with the slips of its source put right. The facts are in lower case already, with one placeholder."""
    path = path.replace("geteffectivepermissionsscope={id}", "geteffectivepermissions(scope={id})")
    path = path.replace("/roletemplateid={id}", "(roletemplateid={id})")
    path = path.replace("itemat(index={id})range", "itemat(index={id})/range")
    path = path.replace("root:/foldera/fileb.txt:/", "root:/{id}:/")
    path = path.replace("87654321-0abc-zqf0-321456789q", "{id}")
    # A key in parentheses is a segment of its own: workflows({id}) is workflows/{id}.
    path = path.replace("({id})", "/{id}")
    # A path inside a drive that is followed by more has to be closed by a colon.
    return re.sub(r"root:/\{id\}/", "root:/{id}:/", path)


# --- claims -------------------------------------------------------------------------------------------------------


class Permissions:
    def __init__(self, facts, claims):
        rows = read_tsv(DATA / "permissions.tsv")
        self.index = {row["name"].lower(): at for at, row in enumerate(rows)}
        self.names = [row["name"] for row in rows]
        self.facts = {}
        for row in read_csv(facts / "permissions" / "permissions.csv"):
            key = row["name"].lower()
            live = row["live_delegated"] == "1" or row["live_application"] == "1"
            if key not in self.facts or live:
                self.facts[key] = row
        calls = defaultdict(set)
        for (path, method, scheme), found in claims.items():
            for name in found:
                calls[name, scheme].add((path, method))
        self.breadth = {key: len(value) for key, value in calls.items()}
        self.known_power = {}

    def live(self, name, scheme):
        return self.facts[name]["live_application" if scheme == "A" else "live_delegated"] == "1"

    def resource_specific(self, name):
        return self.facts[name]["authorization_type"] == "RSC"

    def power(self, name, scheme):
        """Privilege level (3 where none is given), then the number of calls that the permission opens. What contains
        another permission by its name (Read, ReadWrite, Manage ...) has more power than that, whatever the figures say."""
        key = name, scheme
        if key not in self.known_power:
            level = self.facts[name][LEVELS[scheme]]
            power = (int(level) if level else 3, self.breadth.get(key, 0))
            parts = name.split(".")
            for at, part in enumerate(parts):
                family = [word.lower() for word in FAMILY]
                if part not in family:
                    continue
                for weaker in family[:family.index(part)]:
                    other = ".".join([*parts[:at], weaker, *parts[at + 1:]])
                    if (other, scheme) in self.breadth:
                        level, breadth = self.power(other, scheme)
                        if (level, breadth) >= power:
                            power = (level, breadth + 1)
            self.known_power[key] = power
        return self.known_power[key]


def read_claims(facts):
    """{(path, method, scheme): {permission: [flagged as least, also required]}}, names in lower case."""
    claims = defaultdict(dict)
    for row in read_csv(facts / "permissions" / "paths.csv"):
        found = claims[template(row["path"]), row["method"], row["scheme"]]
        name = row["permission"].lower()
        also = tuple(row["also_requires"].lower().split("+")) if row["also_requires"] else ()
        flagged, known = found.get(name, [False, also])
        # What one of two entries gives without a condition is given without it; else either condition will do.
        both = tuple(dict.fromkeys(known + also)) if known and also else ()
        found[name] = [flagged or row["least"] == "1", both]
    return claims


def read_overlay(claims, known):
    """Adds what the overlay lists to the claims; returns {(path, method): remark}."""
    remarks = {}
    listed = {(path, method) for path, method, _ in claims}
    for row in read_tsv(OVERLAY):
        path, method = row["path"], row["method"]
        if (path, method) in listed or (path, method) in remarks:
            sys.exit(f"overlay: {method} {path} is listed already")
        if path != path.lower() or path != template(path) or method not in METHODS:
            sys.exit(f"overlay: {method} {path} is not in canonical form")
        remarks[path, method] = row["remark"]
        for scheme, column in zip(SCHEMES, ("delegated_work", "delegated_personal", "application")):
            for place, name in enumerate(row[column].split()):
                if name.lower() not in known:
                    sys.exit(f"overlay: {name} is not a permission")
                # The documentation lists the least one first.
                claims[path, method, scheme][name.lower()] = [place == 0, ()]
    return remarks


def least(path, scheme, flagged, methods):
    """Which of several flagged permissions is meant: the flag covers all methods of its entry."""
    if len(flagged) < 2:
        return flagged
    single = [name for name in flagged if len(methods[path, scheme, name]) == 1]
    fewest = min(len(methods[path, scheme, name]) for name in flagged)
    return single or [min(name for name in flagged if len(methods[path, scheme, name]) == fewest)]


def order(permissions, scheme, flagged):
    """Resource-specific ones apart at the end; what is not published after what is; least first; then power, then name."""
    return lambda name: (
        permissions.resource_specific(name),
        not permissions.live(name, scheme),
        name not in flagged,
        *permissions.power(name, scheme),
        name,
    )


def reads(name):
    """Whether the name of a permission says that it reads and does not write. Names are in lower case."""
    return any(part.startswith("read") and not part.startswith("readwrite") for part in name.split("."))


def compile_claims(claims, permissions):
    """{(path, method, scheme): [(permission, least, also required)]} in order."""
    methods = defaultdict(set)
    for (path, method, scheme), found in claims.items():
        for name in found:
            methods[path, scheme, name].add(method)
    compiled = {}
    for (path, method, scheme), found in claims.items():
        flagged = least(path, scheme, sorted(name for name, (flag, _) in found.items() if flag), methods)
        usable = [name for name in found
                  if permissions.live(name, scheme) and not permissions.resource_specific(name)]
        if usable and not any(name in usable for name in flagged):
            # Nothing that can be granted for the tenant is flagged. The least by order takes its place, if possible of
            # those that are named alike: ChannelMessage.Read.All for ChannelMessage.Read.Group. For reading that is one
            # that reads: some that write have a lower level, because they write little.
            stems = {tuple(name.split(".")[:2]) for name in flagged}
            alike = [name for name in usable if tuple(name.split(".")[:2]) in stems]
            suited = [name for name in alike or usable if method != "GET" or reads(name)]
            flagged = [*flagged, min(suited or alike or usable, key=order(permissions, scheme, ()))]
        result, pairs = [], set()
        for name in sorted(found, key=order(permissions, scheme, flagged)):
            also = found[name][1]
            rest = [other for other in also if frozenset((name, other)) not in pairs]
            if also and not rest:
                continue
            pairs.update(frozenset((name, other)) for other in rest)
            result.append((name, name in flagged, tuple(rest)))
        compiled[path, method, scheme] = result
    return compiled


# --- bytes --------------------------------------------------------------------------------------------------------


def u16(values):
    values = list(values)
    if any(not 0 <= value <= 0xFFFF for value in values):
        sys.exit("a number does not fit into 16 bits")
    return struct.pack(f"<{len(values)}H", *values)


def starts(lists):
    """Where each list starts in all of them joined, and where the last one ends."""
    total, result = 0, [0]
    for entries in lists:
        total += len(entries)
        result.append(total)
    return result


def samples(lists):
    """Of every SAMPLEth list, where it starts."""
    return starts(lists)[:-1][::SAMPLE]


def places(values):
    """The place of each distinct value among all, sorted."""
    return {value: at for at, value in enumerate(sorted(set(values)))}


def front_coded(texts):
    """Of each text, how many bytes it shares with the one before; the rests as lines; where every SAMPLEth starts."""
    shared, rests, first, before = [], b"", [], b""
    for at, text in enumerate(texts):
        same = 0
        if at % SAMPLE == 0:
            first.append(len(rests))
        else:
            while same < min(len(text), len(before)) and text[same] == before[same]:
                same += 1
        shared.append(same)
        rests += text[same:] + b"\n"
        before = text
    return [bytes(shared), rests, struct.pack(f"<{len(first)}I", *first)]


def encode(compiled, remarks, permissions):
    calls = defaultdict(dict)
    for path, method, scheme in compiled:
        calls[path].setdefault(method, {})[scheme] = tuple(
            (permissions.index[name], flag, tuple(permissions.index[other] for other in also))
            for name, flag, also in compiled[path, method, scheme])
    for path, method in remarks:
        calls[path].setdefault(method, {})

    segment = places(segment.encode() for path in calls for segment in path.split("/")[1:])
    root = {}
    for path in calls:
        node = root
        for name in path.split("/")[1:]:
            node = node.setdefault(segment[name.encode()], {})
        node[None] = path

    # Each node before its subtree; of siblings those that stand for values come first, then the one with the largest
    # subtree.
    values = {segment[name] for name in PLACEHOLDERS if name in segment}
    nodes = []

    def size(node):
        return 1 + sum(size(child) for name, child in node.items() if name is not None)

    def walk(name, node):
        nodes.append((name, size(node), calls.get(node.get(None), {})))
        children = [(name, child) for name, child in node.items() if name is not None]
        for name, child in sorted(children, key=lambda own: (own[0] not in values, -size(own[1]), own[0])):
            walk(name, child)

    walk(0, root)
    paths = {id(by_method): path for path, by_method in calls.items()}
    # The methods of a path in the order of their numbers.
    listed = [(path, method) for _, _, by_method in nodes if by_method
              for path in [paths[id(by_method)]] for method in METHODS if method in by_method]

    claims = [calls[path][method].get(scheme, ()) for path, method in listed for scheme in SCHEMES]
    also = places([(), *(others for found in claims for _, _, others in found)])
    lists = places([(), *claims])
    granted = [tuple(lists[calls[path][method].get(scheme, ())] for scheme in SCHEMES) for path, method in listed]
    grants = places(granted)
    overlay = [at for at, call in enumerate(listed) if call in remarks]

    sections = [
        *front_coded(segment),
        u16(name for name, _, _ in nodes),
        u16(size for _, size, _ in nodes),
        bytes(sum(1 << METHODS.index(method) for method in by_method) for _, _, by_method in nodes),
        u16(samples([by_method for _, _, by_method in nodes])),
        u16(grants[grant] for grant in granted),
        *(u16(grant[own] for grant in grants) for own in range(3)),
        u16(samples(lists)), bytes(len(found) for found in lists),
        u16(name | (LEAST if flag else 0) for found in lists for name, flag, _ in found),
        u16(also[others] for found in lists for _, _, others in found),
        u16(starts(also)), u16(name for others in also for name in others),
        u16(overlay), bytes(REMARKS[remarks[listed[at]]] for at in overlay),
    ]
    header = b"TTP2"
    ends, end = [], len(header) + 4 * len(sections)
    for section in sections:
        end += len(section)
        ends.append(end)
    table = header + struct.pack(f"<{len(ends)}I", *ends) + b"".join(sections)
    print(f"{len(calls)} paths, {len(listed)} calls, {sum(len(value) for value in compiled.values())} claims; "
          f"{len(segment)} segments, {len(nodes)} nodes, {len(grants)} grants, {len(lists)} lists")
    return table


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    facts, check = pathlib.Path(arguments[0]), "--check" in sys.argv
    claims = read_claims(facts)
    permissions = Permissions(facts, claims)
    remarks = read_overlay(claims, permissions.facts)
    table = encode(compile_claims(claims, permissions), remarks, permissions)
    print(f"paths {len(table)} bytes, {len(gzip.compress(table, 9, mtime=0))} with gzip -9")
    path = DATA / "paths.bin"
    if not path.exists() or path.read_bytes() != table:
        if check:
            sys.exit("paths.bin is not what the facts give")
        path.write_bytes(table)


if __name__ == "__main__":
    main()
