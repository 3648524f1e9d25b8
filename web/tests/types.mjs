// Types of the report for the page's script, written from the published schema: nothing is declared twice.

/**
 * TypeScript declarations of everything that a JSON Schema defines.
 * @param {any} schema
 * @param {string} [root] what the whole is called
 */
export function declarations(schema, root = schema.title) {
  const all = Object.entries({ [root]: schema, ...schema.$defs });
  return all.map(([name, own]) => `type ${name} = ${typeOf(own)};`).join("\n");
}

/** @param {any} schema @returns {string} */
function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((/** @type {any} */ value) => JSON.stringify(value)).join(" | ");
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map(typeOf).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((/** @type {string} */ type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "object": {
      const required = new Set(schema.required);
      const members = Object.entries(schema.properties ?? {});
      return `{${members.map(([name, own]) => `${JSON.stringify(name)}${required.has(name) ? "" : "?"}: ${typeOf(own)}`).join("; ")}}`;
    }
    case "array": return `(${typeOf(schema.items)})[]`;
    case "integer": case "number": return "number";
    case "string": case "boolean": case "null": return schema.type;
    default: return "unknown";
  }
}
