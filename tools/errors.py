#!/usr/bin/env python3
"""Check the explanations in tools/errors/*.tsv and write the tables of the catalogue from them.

    python3 tools/errors.py                     write src/catalog/data/error_*.tsv and graph_errors.tsv
    python3 tools/errors.py --check             write nothing, fail if a table would change
    python3 tools/errors.py [--check] FACTS [DIAGNOSES]
                                                compare with the collected facts (a folder with aadsts_codes.csv,
                                                aadb2c_codes.csv, oauth_errors.csv) and with the list of finding ids
                                                (a CSV file with a column id) as well

Python 3, standard library only. The same input always gives the same bytes. tools/errors/README.md describes the
columns. A file of explanations that is not there yet is left out, and the rows present are checked all the same.
"""

import collections
import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
TEXTS = HERE / "errors"
DATA = HERE.parent / "src" / "catalog" / "data"

FIXERS = {"app-developer", "tenant-admin", "user", "service", "none"}
NEXT = {"retry", "interactive", "configure", "wait", "none"}
SURE = {"documented", "likely"}
KINDS = {"error", "suberror", "library", "idx"}

CODE_COLUMNS = "code name meaning fixer next fix related finding alternatives sure family".split()
OAUTH_COLUMNS = "kind value meaning fixer next fix finding alternatives sure".split()
GRAPH_COLUMNS = "code fragment meaning fixer next fix finding alternatives sure".split()

WORDS_AT_MOST = 60
# A sentence on so many codes would be a template. Steps such as "Sign in again" may recur more often.
SAME_MEANING_AT_MOST = 2
SAME_STEP_AT_MOST = 12

B2C = "AADB2C"

faults = []


def fault(where, text):
    faults.append(f"{where}: {text}")


def read(name, columns):
    """The rows of one file as dictionaries; none when the file is not there."""
    path = TEXTS / name
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header = lines[0].split("\t")
    if header != columns:
        fault(name, f"the columns are {header}, expected {columns}")
        return []
    rows = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        where = f"{name}:{number}"
        if len(cells) > len(columns):
            fault(where, f"{len(cells)} columns, expected {len(columns)}")
            continue
        if any(cell != cell.strip() or "\r" in cell for cell in cells):
            fault(where, "blanks at the ends of a column")
        row = dict(zip(columns, cells + [""] * (len(columns) - len(cells))))
        row["where"] = where
        rows.append(row)
    return rows


def check_row(row, ids):
    where = row["where"]
    for column in ("meaning", "fix"):
        text = row[column]
        if not text:
            fault(where, f"{column} is empty")
        if "  " in text:
            fault(where, f"{column} has two blanks in a row")
        parts = sentences(text) if column == "meaning" else text.split("; ")
        for part in parts:
            if len(part.split()) > WORDS_AT_MOST:
                fault(where, f"{len(part.split())} words in one sentence of {column}")
            if len(part.split()) < 2 and part != "Go interactive" and column == "meaning":
                fault(where, f"a sentence of one word in {column}")
        if len(text.split()) > WORDS_AT_MOST and column == "meaning":
            fault(where, f"{len(text.split())} words in {column}, at most {WORDS_AT_MOST}")
    if row["meaning"] and row["meaning"][-1] not in ".!":
        fault(where, "meaning does not end with a full stop")
    for column, words in (("fixer", FIXERS), ("next", NEXT), ("sure", SURE)):
        if row[column] not in words:
            fault(where, f"{column} is {row[column]!r}, expected one of {', '.join(sorted(words))}")
    wanted = row["finding"].split() + row["alternatives"].split()
    if len(row["finding"].split()) > 1:
        fault(where, "more than one finding")
    if len(set(wanted)) != len(wanted):
        fault(where, "a finding occurs twice")
    for one in wanted:
        if ids is not None and one not in ids:
            fault(where, f"{one} is no finding id")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", one):
            fault(where, f"{one} is not in the form of a finding id")


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?])\s+", text) if part]


def check_repeats(rows):
    for column, split, limit in (("meaning", sentences, SAME_MEANING_AT_MOST), ("fix", lambda fix: fix.split("; "), SAME_STEP_AT_MOST)):
        seen = collections.defaultdict(list)
        for row in rows:
            for part in set(split(row[column])):
                seen[part].append(row["where"])
        for part, places in seen.items():
            if len(places) > limit:
                fault(places[0], f"{part!r} stands in {len(places)} rows ({column}), at most {limit}")


def sign_in_codes(files, ids):
    """The rows of the sign-in service. B2C numbers overlap the others, so their key keeps its prefix."""
    rows = []
    for name, prefix in files:
        for row in read(name, CODE_COLUMNS):
            digits = row["code"].upper().removeprefix("AADSTS").removeprefix(B2C)
            if not re.fullmatch(r"[0-9]{4,8}", digits):
                fault(row["where"], f"{row['code']!r} is no code")
            row["code"] = prefix + digits
            row["b2c"] = bool(prefix)
            check_row(row, ids)
            rows.append(row)
    b2c = {row["code"] for row in rows if row["b2c"]}
    for row in rows:
        related = []
        for one in row["related"].split():
            plain = one.upper().removeprefix("AADSTS")
            if row["b2c"] and plain == one and B2C + plain in b2c:
                plain = B2C + plain
            if plain == row["code"] or plain in related:
                fault(row["where"], f"related code {one} is the code itself or stands twice")
            related.append(plain)
        row["related"] = " ".join(related)
    return rows


def check_known(rows, known, complete):
    """Every related code has to be known, and with the facts at hand the codes have to be exactly theirs."""
    codes = {row["code"] for row in rows}
    for row in rows:
        if row["code"] not in known:
            fault(row["where"], f"{row['code']} is not in the facts")
        for one in row["related"].split():
            if one not in known:
                fault(row["where"], f"related code {one} does not exist")
    missing = sorted(known - codes)
    if complete and missing:
        fault("facts", f"not explained: {' '.join(missing)}")


def key(row, columns):
    return "\t".join(row[column] for column in columns).encode().lower()


def render(name, columns, rows, key_columns):
    rows = sorted(rows, key=lambda row: key(row, columns[:key_columns]))
    for one, two in zip(rows, rows[1:]):
        if key(one, columns[:key_columns]) == key(two, columns[:key_columns]):
            fault(two["where"], f"same key as {one['where']}")
    lines = [columns] + [[row[column] for column in columns] for row in rows]
    # Empty columns at the end of a line are left out.
    return name, "".join("\t".join(line).rstrip("\t") + "\n" for line in lines)


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    check = "--check" in sys.argv
    if len(arguments) > 2 or any(argument.startswith("-") for argument in arguments):
        sys.exit(__doc__)
    facts = pathlib.Path(arguments[0]) if arguments else None
    ids = {row["id"] for row in read_csv(arguments[1])} if len(arguments) == 2 else None

    files = [("aadsts_a.tsv", ""), ("aadsts_b.tsv", ""), ("aadb2c.tsv", B2C)]
    complete = all((TEXTS / name).exists() for name, _ in files)
    codes = sign_in_codes(files, ids)
    oauth = read("oauth.tsv", OAUTH_COLUMNS)
    graph = read("graph.tsv", GRAPH_COLUMNS)
    for row in oauth + graph:
        check_row(row, ids)
    for row in oauth:
        if row["kind"] not in KINDS:
            fault(row["where"], f"kind is {row['kind']!r}")
    for row in graph:
        if row["fragment"] != row["fragment"].lower():
            fault(row["where"], "the fragment is not in lower case")
        if row["code"] == "*" and not row["fragment"]:
            fault(row["where"], "a row for every code needs a fragment")
    check_repeats(codes)
    check_repeats(oauth + graph)

    if facts:
        names = {row["code"]: row["name"] for row in read_csv(facts / "aadsts_codes.csv")}
        b2c = {B2C + row["code"].upper().removeprefix(B2C) for row in read_csv(facts / "aadb2c_codes.csv")}
        check_known(codes, set(names) | b2c, complete)
        for row in codes:
            if not row["b2c"] and row["name"] != names.get(row["code"], row["name"]):
                fault(row["where"], f"the name is {row['name']!r}, in the facts {names[row['code']]!r}")
        have = {(row["kind"], row["value"]) for row in oauth}
        for row in read_csv(facts / "oauth_errors.csv"):
            kind = "library" if row["kind"] == "msal_client_error" else row["kind"]
            if (kind, row["value"]) not in have:
                fault("oauth.tsv", f"{kind} {row['value']} is not explained")
    elif complete:
        check_known(codes, {row["code"] for row in codes}, complete)

    tables = [
        render("error_codes", CODE_COLUMNS, codes, 1),
        render("error_names", ["value", "kind"] + OAUTH_COLUMNS[2:], oauth, 2),
        render("graph_errors", GRAPH_COLUMNS, graph, 2),
    ]
    if faults:
        sys.exit("\n".join(faults))
    stale = []
    for name, text in tables:
        path = DATA / f"{name}.tsv"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name:14} {text.count(chr(10)) - 1:5} rows {len(text.encode()):7} bytes")
    if check and stale:
        sys.exit(f"not what the explanations give: {', '.join(stale)}")


if __name__ == "__main__":
    main()
