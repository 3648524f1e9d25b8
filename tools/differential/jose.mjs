// Compares panva/jose's reading of mutated tokens with ours: lines of tests/differential.rs on standard input.
// Every difference is explained by a named rule, or this fails.
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { decodeJwt, decodeProtectedHeader } from 'jose';

const tally = new Map();
let count = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const own = JSON.parse(line);
  const rule = explained(own);
  if (rule === undefined) {
    console.error(`no rule explains what jose makes of ${line}`);
    process.exit(1);
  }
  tally.set(rule, (tally.get(rule) ?? 0) + 1);
  count += 1;
}
console.log(`${count} tokens, panva/jose, Node ${process.version}`);
for (const [rule, number] of [...tally].sort()) console.log(`${String(number).padStart(9)}  ${rule}`);
process.exit(count > 0 ? 0 : 1);

function explained(own) {
  const segments = own.token.split('.');
  const read = (decode) => {
    try {
      return { value: decode(own.token) };
    } catch {
      return undefined;
    }
  };
  const theirs = [read(decodeProtectedHeader), read(decodeJwt)];
  const accepted = theirs.every((part) => part !== undefined);
  const parts = [own.header, own.payload];
  const expected = segments.length === 3 && parts.every((part, index) => part && isReadable(part, segments[index]));
  if (accepted !== expected) return undefined;
  if (!accepted) return own.strict ? 'jose: header and payload have to be objects' : 'refused by both';
  const marked = (index) => decoded(segments[index])?.startsWith('\u00EF\u00BB\u00BF');
  if (marked(0) || marked(1)) return 'jose: skips a byte order mark';
  if (parts.some((part) => part.deep)) return 'here: nested deeper than 100, kept as its text';
  const same = parts.every((part, index) => isDeepStrictEqual(wellFormed(theirs[index].value), JSON.parse(part.json)));
  if (!same) return undefined;
  if (own.strict) return 'the same values';
  return parts.some((part) => part.replaced)
    ? 'jose: keeps half a surrogate pair, which is replaced and counted here'
    : 'jose: base64 with padding, white space or left-over bits, each of them named here';
}

// What atob decodes ("forgiving base64" of the WHATWG Infra standard), in the alphabet of base64url.
function decoded(segment) {
  if (/[+/]/.test(segment)) return undefined;
  try {
    return atob(segment.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}

// Whether a reader with that base64, with a strict UTF-8 decoder and the language's own JSON can read an object there.
function isReadable(part, segment) {
  const bytes = decoded(segment);
  if (!bytes) return false;
  const isObject = (json) => json.startsWith('{');
  if (part.whole) return part.utf8 && isObject(part.json);
  const mark = '\u00EF\u00BB\u00BF';
  if (!bytes.startsWith(mark)) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

// The value with half surrogate pairs replaced, as they are here.
function wellFormed(value) {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]));
}
