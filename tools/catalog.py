#!/usr/bin/env python3
"""Write the catalogue's tables (src/catalog/data/*.tsv) from a folder of collected facts.

    python3 tools/catalog.py FACTS          write the tables, print row counts and sizes
    python3 tools/catalog.py FACTS --check  write nothing, fail if a table would change

Python 3, standard library only. The same input always gives the same bytes.

Two kinds of table (SOURCES.md says which is which):
* made here from the facts, with the hand-written remarks of tools/catalog/*.tsv merged in;
* written by hand in src/catalog/data itself. These are only sorted, and compared with the facts where the facts list
  what has to be covered.
"""

import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "src" / "catalog" / "data"
REMARKS = HERE / "catalog"

HAND_WRITTEN = {
    # table: number of key columns
    "claims": 2,
    "client_scopes": 2,
    "hosts": 1,
    "clouds": 1,
    "issuers": 1,
    "tenants": 1,
    "values": 2,
}


def sort_key(row, key_columns):
    """ASCII letters in lower case, then bytes: the order that src/catalog/table.rs searches in."""
    return "\t".join(row[:key_columns]).encode().lower()


def render(name, header, rows, key_columns=1):
    rows = sorted(rows, key=lambda row: sort_key(row, key_columns))
    keys = [sort_key(row, key_columns) for row in rows]
    for one, two in zip(keys, keys[1:]):
        if one == two:
            sys.exit(f"{name}: two rows have the key {one!r}")
    for row in rows:
        if len(row) != len(header):
            sys.exit(f"{name}: {row} has {len(row)} columns, not {len(header)}")
        if not all(row[:key_columns]):
            sys.exit(f"{name}: {row} has no key")
        for cell in row:
            if cell != cell.strip() or re.search(r"[\t\r\n]", cell):
                sys.exit(f"{name}: {cell!r} has blanks at its ends or inside that would break the table")
    # Empty columns at the end of a line are left out.
    return "".join("\t".join(line).rstrip("\t") + "\n" for line in [header, *rows])


def read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_tsv(path):
    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    header, *rows = [line.split("\t") for line in lines]
    return header, [row + [""] * (len(header) - len(row)) for row in rows]


def remarks(name):
    """A hand-written remark table as {key: {column: text}}."""
    header, rows = read_tsv(REMARKS / f"{name}.tsv")
    found = {}
    for row in rows:
        if len(row) != len(header):
            sys.exit(f"tools/catalog/{name}.tsv: {row} has {len(row)} columns, not {len(header)}")
        if row[0].lower() in found:
            sys.exit(f"tools/catalog/{name}.tsv: {row[0]} occurs twice")
        found[row[0].lower()] = dict(zip(header, row))
    return found


def yes(condition):
    return "yes" if condition else ""


# --- applications -------------------------------------------------------------------------------------------------


def apps(facts):
    """Microsoft's own applications.

    The long list also holds GUIDs of another nature (licences, Azure roles, permissions, authenticator models): rows
    whose only source is the documentation's dictionary of known GUIDs. Those say nothing about an application, so they
    are taken only when a second list names the same GUID as a client or as a resource.
    """
    detail = {row["app_id"].lower(): row for row in read_csv(facts / "claims" / "apps.csv")}
    resources = {row["resource_app_id"].lower() for row in read_csv(facts / "claims" / "audiences_all.csv")}
    resources |= {row["resource_app_id"].lower() for row in read_csv(facts / "claims" / "audiences.csv")}
    notes = remarks("app_notes")
    _, tenants = read_tsv(DATA / "tenants.tsv")
    owners = {row[0] for row in tenants if row[2] == "yes"}
    rows = []
    for app in read_csv(facts / "claims" / "apps_all.csv"):
        app_id, name, owner = app["app_id"].lower(), tidy_name(app["name"]), app["owner_tenant_id"].lower()
        only_known_guid = app["source"] == "merill/microsoft-info@43b8a5d (EntraDocs)"
        if not name or (only_known_guid and app_id not in detail and app_id not in resources):
            continue
        more = detail.get(app_id, {})
        community = "(GitHub)" in app["source"] and "ROADtools" not in app["source"] and "secureworks" not in app["source"]
        first_party = "yes" if owner in owners or not (community or only_known_guid) else "unknown"
        if app_id in resources or (only_known_guid and more.get("kind") == "client"):
            # Identifier URIs come from Microsoft's own service principals, and what both the documentation and a list of
            # first-party clients name is a client of Microsoft.
            first_party = "yes"
        foci = app["foci"]
        family = {"yes": "yes", "no": "no", "unknown": ""}.get(foci, "former")
        abused = more.get("commonly_abused") == "yes"
        if abused and app_id not in notes:
            sys.exit(f"app_notes: {app_id} {name} is marked as abused and has no note")
        rows.append([
            app_id,
            name,
            owner,
            first_party,
            family,
            more.get("public_client", ""),
            yes(app_id in resources),
            yes(abused),
            more.get("graph_preauthorized_scope_count", ""),
            notes.get(app_id, {}).get("note", ""),
        ])
    header = "app_id name owner first_party family public_client resource abused graph_scopes note".split()
    return render("apps", header, rows)


def tidy_name(name):
    """The name without the list's own remark, and with text repaired that was decoded as the wrong character set."""
    name = name.replace("[Community Contributed]", "").strip()
    try:
        name = name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        pass
    return re.sub(r"\s+", " ", name).strip()


# --- audiences ----------------------------------------------------------------------------------------------------

CLOUD_WORDS = {
    "global (also GCC)": "global",
    "global (test ring)": "global",
    "global (legacy alias)": "global",
    "global": "global",
    "US Government L4 (GCC High)": "us-gov",
    "US Government L5 (DoD)": "us-gov-dod",
    "US Government": "us-gov",
    "China 21Vianet": "china",
    "Germany (closed 2021-10-29)": "germany",
    "Germany (closed)": "germany",
    # More than one cloud, or none.
    "any cloud (same app id in all clouds)": "",
    "any": "",
    "global + US Gov": "",
    "on-premises": "",
}

# Host endings that belong to one cloud only. Not powerapps.us or powerbigov.us: GCC uses them in the worldwide cloud.
CLOUD_ENDINGS = {
    "us-gov": (".usgovcloudapi.net", ".microsoftazure.us", ".azure.us", ".office365.us", ".sharepoint.us",
               ".microsoftonline.us", ".microsoftdynamics.us"),
    "us-gov-dod": (".appsplatform.us", ".apps.mil"),
    "china": (".azure.cn", ".chinacloudapi.cn", ".partner.microsoftonline.cn", ".sharepoint.cn", ".dynamics.cn"),
}

CLASSES = {
    "00000003-0000-0000-c000-000000000000": "graph",
    "00000002-0000-0000-c000-000000000000": "aad-graph",
    "797f4846-ba00-4fd7-ba43-dac1f8f63013": "azure-management",
    "40a69793-8fe6-4db1-9591-dbc5c57b17d8": "azure-management",
    "00000003-0000-0ff1-ce00-000000000000": "sharepoint",
    "00000002-0000-0ff1-ce00-000000000000": "exchange",
    "cfa8b339-82a2-471a-a3c9-0fc0be7a4093": "key-vault",
    "e406a681-f3d4-42a8-90b6-c2b029497af1": "storage",
    "022907d3-0f1b-48f7-badc-1ba6abab6d66": "sql",
    "00000007-0000-0000-c000-000000000000": "dataverse",
    "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9": "device-registration",
    "499b84ac-1321-427f-aa17-267ca6975798": "azure-devops",
    "00000009-0000-0000-c000-000000000000": "power-bi",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe": "teams",
}


def cloud_by_ending(audience):
    host = audience.split("://", 1)[-1].split("/", 1)[0]
    for cloud, endings in CLOUD_ENDINGS.items():
        if host.endswith(endings):
            return cloud
    return ""


def audiences(facts):
    """Values of `aud` and the resource they name. A trailing slash is not part of the key: both forms always name the
    same resource in the facts, which is checked here, and the look-up accepts both."""
    names = {row[0]: row[1] for row in read_tsv(DATA / "apps.tsv")[1]}
    notes = remarks("audience_notes")
    rows = {}

    def add(audience, resource, name, cloud, scope):
        key = audience.lower().removesuffix("/")
        row = rows.setdefault(key, {"resource": resource, "name": "", "cloud": "", "scope": ""})
        if row["resource"] != resource:
            return
        row["cloud"] = row["cloud"] or cloud or cloud_by_ending(key)
        row["scope"] = row["scope"] or scope
        # A name that apps.tsv already has is not said twice.
        row["name"] = row["name"] or (name if names.get(resource) is None else "")

    for row in read_csv(facts / "claims" / "audiences_all.csv"):
        slashless = row["audience"].lower().removesuffix("/")
        if slashless in rows and rows[slashless]["resource"] != row["resource_app_id"].lower():
            sys.exit(f"audiences: {row['audience']} names another resource with and without a slash")
        add(row["audience"], row["resource_app_id"].lower(), tidy_name(row["resource_name"]), "", "")
    for row in read_csv(facts / "claims" / "audiences.csv"):
        if "{" in row["audience"]:
            continue  # a pattern: src/catalog/audiences.rs knows it
        resource = row["resource_app_id"].lower()
        resource = "" if resource.startswith("(") else resource
        name = re.sub(r"^\((.*)\)$", r"\1", tidy_name(row["resource_name"]))
        scope = row["scope_to_request"] if re.fullmatch(r"https://[a-z.-]+/\.default", row["scope_to_request"]) else ""
        add(row["audience"], resource, name, CLOUD_WORDS[row["cloud"]], scope)
    for key, note in notes.items():
        rows.setdefault(key, {"resource": note["resource_app_id"], "name": "", "cloud": "", "scope": ""})
    table = []
    for key, row in rows.items():
        note = notes.get(key, {})
        kind = note.get("class") or CLASSES.get(row["resource"], "")
        name = note.get("resource_name") or row["name"]
        scope = note.get("scope") or row["scope"]
        if kind == "graph" and row["cloud"] != "germany" and key.startswith("https://") and not scope:
            scope = key + "/.default"
        table.append([key, row["resource"], name, row["cloud"], kind, scope, note.get("note", "")])
    header = "audience resource_app_id resource_name cloud class scope note".split()
    return render("audiences", header, table)


# --- directory roles ----------------------------------------------------------------------------------------------

TIERS = {"ControlPlane": "control", "ManagementPlane": "management", "UserAccess": "user", "Unclassified": "", "": ""}

MARKERS = {
    "b79fbf4d-3ef9-4689-8143-76b194e85509": "Every user (marker, not a role)",
    "0997a1d0-0d1d-4acb-b408-d5ca73121e90": "Every service principal (marker, not a role)",
    "13bd1c72-6f4a-4dcf-985f-18d3b80f208a": "Every guest (marker, not a role; not confirmed)",
}


def directory_roles(facts):
    """Role templates that `wids` can name. Privileged: the label of the service itself, or that of the documentation
    where the service's list has none."""
    rows = []
    for role in read_csv(facts / "claims" / "wids.csv"):
        template = role["template_id"].lower()
        marker = role["kind"] == "implicit wids value"
        rows.append([
            template,
            MARKERS[template] if marker else tidy_name(role["role_name"]),
            role["alias_name_in_graph"],
            yes(marker),
            yes("yes" in (role["is_privileged_graph"], role["privileged_label_docs"])),
            TIERS[role["eam_tier"]],
        ])
    return render("directory_roles", "template_id name alias marker privileged tier".split(), rows)


# --- permissions --------------------------------------------------------------------------------------------------


def permissions(facts):
    """Microsoft Graph permissions. Where two spellings differ only in case, the one on the live service wins."""
    best = {}
    for row in read_csv(facts / "permissions" / "permissions.csv"):
        key = row["name"].lower()
        live = row["live_delegated"] == "1" or row["live_application"] == "1"
        if key not in best or live:
            best[key] = row
    flag = {"1": "yes", "0": "no", "": ""}
    rows = [[
        row["name"],
        row["delegated_guid"],
        row["application_guid"],
        flag[row["delegated_admin_consent"]],
        row["priv_delegated_work"],
        row["priv_application"],
        yes(row["scheme_delegated_personal"] == "1"),
        yes(row["authorization_type"] == "RSC"),
        yes(row["live_delegated"] == "1"),
        yes(row["live_application"] == "1"),
    ] for row in best.values()]
    header = ("name delegated_guid application_guid admin_consent delegated_level application_level personal "
              "resource_specific delegated_live application_live").split()
    by_guid = {}
    for row in rows:
        for guid in filter(None, row[1:3]):
            if by_guid.setdefault(guid, row[0]) != row[0]:
                sys.exit(f"permissions: {guid} has two names")
    return render("permissions", header, rows)


def risk_permissions(facts):
    """Permissions that reach the control plane of a tenant, ways to the highest role, and access to everybody's data."""
    _, known = read_tsv(DATA / "permissions.tsv")
    canonical = {row[0].lower(): row[0] for row in known}
    marks = remarks("risk_marks")
    rows = {}
    for row in read_csv(facts / "claims" / "risk_permissions.csv"):
        name = canonical.get(row["permission"].lower(), row["permission"])
        rows[name, row["type"]] = [name, row["type"], row["category"], TIERS[row["eam_tier"]], "", ""]
    for mark in marks.values():
        name = canonical.get(mark["permission"].lower())
        if name is None:
            sys.exit(f"risk_marks: {mark['permission']} is not a permission")
        for kind in mark["kinds"].split(","):
            row = rows.setdefault((name, kind), [name, kind, "", "", "", ""])
            row[2] = row[2] or mark["category"]
            row[4], row[5] = mark["path"], mark["mass_data"]
    # Whoever may rewrite a policy family can open the way to more; the facts name the family, not each member.
    for (name, _), row in rows.items():
        if name.startswith("Policy.ReadWrite.") and not row[4]:
            row[4] = "indirect"
    header = "permission kind category tier path mass_data".split()
    return render("risk_permissions", header, list(rows.values()), key_columns=2)


# --- hand-written tables ------------------------------------------------------------------------------------------


def hand_written(facts, name, key_columns):
    header, rows = read_tsv(DATA / f"{name}.tsv")
    if name == "claims":
        have = {row[0] for row in rows}
        for claim in read_csv(facts / "claims" / "claims.csv"):
            for part in claim["claim"].split(" / "):
                part = part.strip().removeprefix("header.").split(" (")[0].split("(")[0]
                if part != "other xms_*" and part not in have:
                    sys.exit(f"claims: {part} is in the facts and not in the table")
    return render(name, header, rows, key_columns)


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if len(arguments) != 1:
        sys.exit(__doc__)
    facts, check = pathlib.Path(arguments[0]), "--check" in sys.argv
    stale = []

    def put(name, text):
        path = DATA / f"{name}.tsv"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{name:18} {text.count(chr(10)) - 1:5} rows {len(text.encode()):7} bytes")

    # In this order: a later table may ask an earlier one.
    for name, key_columns in HAND_WRITTEN.items():
        put(name, hand_written(facts, name, key_columns))
    put("apps", apps(facts))
    put("audiences", audiences(facts))
    put("directory_roles", directory_roles(facts))
    put("permissions", permissions(facts))
    put("risk_permissions", risk_permissions(facts))
    if check and stale:
        sys.exit(f"not what the facts give: {', '.join(stale)}")


if __name__ == "__main__":
    main()
