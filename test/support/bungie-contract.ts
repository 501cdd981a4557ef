import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { packageRoot } from '../../src/platform/config/package-root.js';

// Bungie's own description of its API as a judge of requests and answers. Stricter than the description in one way: a key that it does not
// know is a fault. Different in two: 64-bit numbers are text on the wire, and bytes are numbers.

interface Schema {
  $ref?: string;
  type?: string;
  format?: string;
  nullable?: boolean;
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  'x-dictionary-key'?: Schema;
  'x-enum-reference'?: { $ref: string };
  'x-enum-is-bitmask'?: boolean;
  'x-enum-values'?: { numericValue: string }[];
}

interface Operation {
  parameters: { name: string; in: 'path' | 'query'; required?: boolean; schema: Schema }[];
  responses: Record<'200', { $ref: string }>;
  security?: object[];
}

interface Description {
  paths: Record<string, Partial<Record<'get' | 'post', Operation>>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, { content: { 'application/json': { schema: Schema } } }>;
  };
}

/** What a stand-in has written down of a request. */
export interface AskedOfBungie {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly hasKey: boolean;
  readonly hasBearer: boolean;
}

const FILE = resolve(packageRoot(), '../shared/data/destiny/bungie_openapi_2.21.7.json.gz');
const MOST_FAULTS = 20;
const LIMITS: Readonly<Record<string, readonly [number, number]>> = {
  byte: [0, 255],
  int16: [-32_768, 32_767],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
};
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?Z$/;

/** Undefined where the folder with the description is absent. */
export function openBungieContract(): BungieContract | undefined {
  if (!existsSync(FILE)) return undefined;
  return new BungieContract(JSON.parse(gunzipSync(readFileSync(FILE)).toString()) as Description);
}

export class BungieContract {
  private readonly known: ReadonlySet<string>;

  constructor(private readonly description: Description) {
    this.known = new Set(Object.keys(description.components.schemas));
  }

  /** What is wrong with a request; empty = nothing. */
  requestFaults({ method, path, query, hasKey, hasBearer }: AskedOfBungie): string[] {
    const found = this.operationOf(method, path);
    if (!found) return [`${method} ${path} is not in the description`];
    const { operation, values } = found;
    const faults = hasKey ? [] : ['without X-API-Key'];
    if (operation.security !== undefined && !hasBearer) faults.push('without Authorization');
    const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query');
    for (const name of Object.keys(query))
      if (!inQuery.some((parameter) => parameter.name === name)) faults.push(`?${name} is unknown`);
    for (const { name, in: place, schema, required } of operation.parameters) {
      const value = place === 'path' ? values[name] : query[name];
      if (value === undefined) {
        if (required === true) faults.push(`${name} is missing`);
        continue;
      }
      const items = schema.type === 'array' ? value.split(',') : [value];
      const one = schema.type === 'array' ? schema.items! : schema;
      for (const item of items) this.judge(one, fromText(one, item), name, faults);
    }
    return faults;
  }

  /** What is wrong with the body of a 200, the envelope included. */
  answerFaults(method: string, path: string, body: unknown): string[] {
    const found = this.operationOf(method, path);
    if (!found) return [`${method} ${path} is not in the description`];
    const name = found.operation.responses['200'].$ref.split('/').at(-1)!;
    const { schema } = this.description.components.responses[name]!.content['application/json'];
    const faults: string[] = [];
    this.judge(schema, body, 'body', faults);
    return faults;
  }

  /** What is wrong with a value by a schema, named by its end: `DestinyRecordDefinition`. */
  valueFaults(ending: string, value: unknown): string[] {
    const name = [...this.known].find((one) => one.endsWith(`.${ending}`));
    if (name === undefined) return [`${ending} is not in the description`];
    const faults: string[] = [];
    this.judge(this.description.components.schemas[name]!, value, ending, faults);
    return faults;
  }

  private operationOf(method: string, path: string) {
    const bare = path.replace(/^\/Platform/, '');
    for (const [template, operations] of Object.entries(this.description.paths)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
      const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
      const match = pattern.exec(bare);
      const operation = operations[method.toLowerCase() as 'get'];
      if (!match || !operation) continue;
      const values = Object.fromEntries(names.map((name, index) => [name, match[index + 1]!]));
      return { operation, values };
    }
    return undefined;
  }

  private judge(schema: Schema, value: unknown, at: string, faults: string[]): void {
    if (faults.length >= MOST_FAULTS) return;
    if (schema.$ref !== undefined) {
      this.judge(this.schemaOf(schema.$ref), value, at, faults);
      return;
    }
    for (const part of schema.allOf ?? []) this.judge(part, value, at, faults);
    const say = (what: string): void =>
      void faults.push(`${at}: ${what} (${JSON.stringify(value)})`.slice(0, 300));
    if (value === null) {
      if (schema.nullable !== true) say('null');
    } else if (schema.type === 'object') this.judgeObject(schema, value, at, faults);
    else if (schema.type === 'array') {
      if (!Array.isArray(value)) say('not a list');
      else value.forEach((item, index) => this.judge(schema.items!, item, `${at}[${index}]`, faults));
    } else if (schema.type !== undefined) {
      const wrong = wrongOf(schema, value) ?? this.wrongEnum(schema, value);
      if (wrong !== undefined) say(wrong);
    }
  }

  private judgeObject(schema: Schema, value: unknown, at: string, faults: string[]): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      faults.push(`${at}: not an object`);
      return;
    }
    const { properties, additionalProperties } = schema;
    for (const [key, item] of Object.entries(value)) {
      const known = properties?.[key];
      if (known !== undefined) this.judge(known, item, `${at}.${key}`, faults);
      else if (additionalProperties !== undefined) {
        const byKey = schema['x-dictionary-key'];
        if (byKey !== undefined) this.judge(byKey, fromText(byKey, key), `key of ${at}`, faults);
        this.judge(additionalProperties, item, `${at}.${key}`, faults);
      } else if (properties !== undefined) faults.push(`${at}.${key} is unknown`);
    }
  }

  private wrongEnum(schema: Schema, value: unknown): string | undefined {
    const reference = schema['x-enum-reference']?.$ref.split('/').at(-1);
    if (reference === undefined) return undefined;
    const values = this.schemaOf(reference)['x-enum-values']!.map(({ numericValue }) => Number(numericValue));
    if (schema['x-enum-is-bitmask'] !== true)
      return values.includes(value as number) ? undefined : `none of ${reference}`;
    const bits = values.reduce((all, bit) => all | bit, 0);
    return (Number(value) & ~bits) === 0 ? undefined : `bits beyond ${reference}`;
  }

  private schemaOf(reference: string): Schema {
    return this.description.components.schemas[reference.split('/').at(-1)!]!;
  }
}

/** Path, query and keys are text: small numbers are read as such, large ones stay. */
function fromText({ type, format }: Schema, text: string): unknown {
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return type === 'integer' && format !== 'int64' && /^-?\d+$/.test(text) ? Number(text) : text;
}

function wrongOf({ type, format = '' }: Schema, value: unknown): string | undefined {
  if (format === 'int64') return isInt64(value) ? undefined : 'not 64 bits as text';
  if (type === 'integer' || format === 'byte') {
    const [least, most] = LIMITS[format] ?? [-(2 ** 53), 2 ** 53];
    const isFitting = Number.isInteger(value) && least <= (value as number) && (value as number) <= most;
    return isFitting ? undefined : `not ${format}`;
  }
  if (type === 'number') return typeof value === 'number' ? undefined : 'not a number';
  if (type === 'boolean') return typeof value === 'boolean' ? undefined : 'not a boolean';
  if (typeof value !== 'string') return 'not text';
  return format === 'date-time' && !DATE_TIME.test(value) ? 'not a time' : undefined;
}

function isInt64(value: unknown): boolean {
  if (typeof value !== 'string' || !/^-?\d{1,19}$/.test(value)) return false;
  return BigInt.asIntN(64, BigInt(value)) === BigInt(value);
}
