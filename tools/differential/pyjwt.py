"""Compares PyJWT's reading of mutated tokens with ours: lines of tests/differential.rs on standard input.

Every difference is explained by a named rule, or this fails."""

import base64
import collections
import json
import platform
import sys

import jwt

UNCHECKED = {"verify_signature": False}
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def explained(own):
    """The rule that holds for a token; nothing where none does."""
    segments = own["token"].encode().split(b".")
    try:
        theirs = jwt.decode_complete(own["token"], options=UNCHECKED)
    except jwt.PyJWTError:
        theirs = None
    texts = [unpadded(segment) for segment in segments]
    parts = [own["header"], own["payload"]]
    if len(segments) != 3 or None in texts or None in parts:
        if theirs is not None:
            return None
        return "PyJWT: the signature has to be base64url" if own["strict"] else "refused by both"
    values = [read(text) for text in texts[:2]]
    if not all(isinstance(value, dict) for value in values):
        if theirs is not None:
            return None
        return "PyJWT: header and payload have to be objects" if own["strict"] else "refused by both"
    refusal = unusable(values[0])
    if refusal or theirs is None:
        return refusal if theirs is None else None
    if not all(part["whole"] and json.detect_encoding(text) == "utf-8" for part, text in zip(parts, texts)):
        return "PyJWT: Python's json takes NaN, Infinity, byte order marks and UTF-16"
    if any(part["deep"] for part in parts):
        return "here: nested deeper than 100, kept as its text"
    if not all(part["utf8"] for part in parts):
        return "PyJWT: Python's json takes half surrogate pairs as bytes"
    for part, value in zip(parts, [theirs["header"], theirs["payload"]]):
        if well_formed(value) != json.loads(part["json"]):
            return None
    if own["strict"]:
        return "the same values"
    if any(part["replaced"] for part in parts):
        return "PyJWT: keeps half a surrogate pair, which is replaced and counted here"
    return "PyJWT: takes padding where it belongs, which is named here"


def unpadded(segment):
    """What strict base64url with or without its padding decodes to; nothing where it is not that."""
    stripped = segment.rstrip(b"=")
    padding = len(segment) - len(stripped)
    if padding > 2 or padding and len(segment) % 4 or len(stripped) % 4 == 1 or stripped.strip(ALPHABET):
        return None
    text = base64.urlsafe_b64decode(stripped + b"=" * (-len(stripped) % 4))
    return text if base64.urlsafe_b64encode(text).rstrip(b"=") == stripped else None


def read(text):
    """What Python's own JSON reader makes of bytes."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def unusable(header):
    """Why PyJWT refuses a header that is an object."""
    if "kid" in header and not isinstance(header["kid"], str):
        return "PyJWT: kid has to be a text"
    if "crit" in header:
        return "PyJWT: crit has to name extensions that it knows"
    return None


def well_formed(value):
    """The value with half surrogate pairs replaced, as they are here."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [well_formed(item) for item in value]
    if isinstance(value, dict):
        return {well_formed(name): well_formed(member) for name, member in value.items()}
    return value


def main():
    tally = collections.Counter()
    for line in sys.stdin:
        rule = explained(json.loads(line))
        if rule is None:
            sys.exit(f"no rule explains what PyJWT makes of {line}")
        tally[rule] += 1
    print(f"{tally.total()} tokens, PyJWT {jwt.__version__}, Python {platform.python_version()}")
    for rule, number in sorted(tally.items()):
        print(f"{number:9}  {rule}")
    if not tally:
        sys.exit("no token came")


main()
