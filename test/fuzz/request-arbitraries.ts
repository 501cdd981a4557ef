import fc from 'fast-check';
import type { Operation, Parameter, Schema } from '../support/open-api.js';

// Requests made from the OpenAPI document: such that keep to it, and such with one thing changed for the worse.

export interface FuzzedRequest {
  operation: Operation;
  path: string;
  query: [name: string, value: string][];
  headers: Record<string, string>;
  body: string | undefined;
  /** The document forbids it, so it has to be refused; undefined when only the server can tell. */
  mustFail: boolean;
  /** Its path may be another operation's now. */
  isElsewhere: boolean;
  /** What was done to it. */
  change: string;
}

const itemId = fc.integer({ min: 1, max: 9_000 });
const idList = fc.array(itemId, { minLength: 1, maxLength: 20 }).map((ids) => ids.join());

/** Objects that exist, where the document only says "string". */
const KNOWN: Record<string, fc.Arbitrary<string>> = {
  game: fc.constant('dofus'),
  // Mostly where the things of this test are.
  server: fc.constantFrom('draconiros', 'draconiros', 'draconiros', 'hell-mina', 'Draconiros', 'Hell Mina'),
  itemId: itemId.map(String),
  ids: idList,
  itemIds: idList,
  items: idList,
  categoryIds: idList,
  externalIds: fc
    .array(fc.integer({ min: 1, max: 30_000 }), { minLength: 1, maxLength: 20 })
    .map((ids) => ids.join()),
  'Idempotency-Key': fc.stringMatching(/^[a-z0-9]{1,20}$/),
  events: fc.constantFrom('price', 'alert', 'price,alert'),
  search: fc.constantFrom('bois', 'épée', 'É', '', '%', 'x'),
  item_name: fc.constantFrom('Bois de Frêne', 'Épée de Boisaille', 'nothing'),
  project: fc.constantFrom('plays', 'plays', 'plays', 'none'),
  tz: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
  item: fc.constantFrom('Bois de Frêne', 'Épée de Boisaille', 'nothing'),
};

/** The same in bodies: what the document calls a string or a number and is more than that. */
const IN_BODIES: Record<string, fc.Arbitrary<unknown>> = {
  itemId,
  game: fc.constant('dofus'),
  server: fc.constantFrom('draconiros', 'hell-mina'),
  scopes: fc.uniqueArray(fc.constantFrom('market:read', 'market:ingest', 'market:own'), { minLength: 1 }),
  topic: fc.constantFrom('market.alert', '*'),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Asia/Kolkata'),
  username: fc.stringMatching(/^[a-z0-9][A-Za-z0-9._-]{8,20}[a-z0-9]$/),
  project: fc.constantFrom('plays', 'plays', 'none'),
  sourceId: fc.constantFrom('langfuse:plays', 'langfuse:plays', 'langfuse:none'),
  url: fc.constantFrom('https://hook.example.org/hook', 'https://hook.example.org/a?b=c'),
};

/** Bodies that are no JSON, by their type: what the document calls a string is text of some form. */
const TEXTS: Record<string, fc.Arbitrary<string>> = {
  'text/plain': fc
    .array(fc.integer({ min: 1, max: 0xffff_ffff }), { minLength: 1, maxLength: 5 })
    .map((hashes) => hashes.map((hash) => `dimwishlist:item=${hash}`).join('\n')),
};

const EPOCH_MS = Date.UTC(2020, 0, 1);
const instant = fc
  .integer({ min: EPOCH_MS, max: Date.UTC(2026, 0, 1) })
  .map((atMs) => new Date(atMs).toISOString());
/** Well-formed text of any script; what a schema says about length is in UTF-16 units. */
const text = (schema: Schema): fc.Arbitrary<string> => {
  const maximum = schema.maxLength ?? 60;
  return fc
    .string({
      // Of long ones with a bound hardly any would fit that has characters of several units.
      unit: (schema.minLength ?? 0) > 10 ? 'grapheme-ascii' : 'grapheme',
      minLength: schema.minLength ?? 0,
      maxLength: Math.max(schema.minLength ?? 0, Math.min(maximum, 40)),
    })
    .filter((value) => value.length <= maximum && !value.includes('\0') && value.trim() !== '');
};

/** Values that keep to a schema. */
export function valueOf(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return fc.oneof(...choices.map(valueOf));
  switch (schema.type) {
    case 'integer':
      return fc.integer({
        min: Math.ceil(schema.minimum ?? -1_000),
        max: Math.floor(Math.min(schema.maximum ?? 1_000, 2 ** 31 - 1)),
      });
    case 'number':
      return fc
        .double({ min: schema.minimum ?? 0.01, max: schema.maximum ?? 1e9, noNaN: true })
        .filter((number) => number > 0);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return arrayOf(schema);
    case 'object':
      return objectOf(schema);
    default:
      if (schema.format === 'email') return fc.emailAddress();
      if (schema.format === 'uuid') return fc.uuid();
      if (schema.format === 'date') return instant.map((at) => at.slice(0, 10));
      return schema.format === 'date-time' ? instant : text(schema);
  }
}

/** Of a few words each once, as lists of scopes and events want them. */
function arrayOf({ items = {}, minItems = 0 }: Schema): fc.Arbitrary<unknown[]> {
  const length = { minLength: minItems, maxLength: 8 };
  return items.enum
    ? fc.uniqueArray(valueOf(items), { ...length, maxLength: Math.min(8, items.enum.length) })
    : fc.array(valueOf(items), length);
}

/** With any of the optional keys, or none: the more of them there are, the less often they agree with one another. */
function objectOf({ properties = {}, required = [] }: Schema): fc.Arbitrary<object> {
  const model = (keys: string[]): Record<string, fc.Arbitrary<unknown>> =>
    Object.fromEntries(keys.map((key) => [key, IN_BODIES[key] ?? valueOf(properties[key]!)]));
  return fc.oneof(
    { weight: 2, arbitrary: fc.record(model(Object.keys(properties)), { requiredKeys: required }) },
    { weight: 1, arbitrary: fc.record(model(required)) },
  );
}

function parameterValue({ name, schema }: Parameter): fc.Arbitrary<string> {
  // Of the originals an item is a name, of Destiny it is a hash.
  if (KNOWN[name] && (name !== 'item' || schema.type === 'string')) return KNOWN[name];
  // Written out, a fraction may have an exponent, which no URL of ours takes; and what the originals call numbers are mostly ids.
  const whole =
    schema.type === 'number' ? { ...schema, type: 'integer', minimum: schema.minimum ?? 0 } : schema;
  return valueOf(whole).map(String);
}

/**
 * Ids of things that exist, by the path that holds them, without `/api/v1/`: `jobs` for `/api/v1/jobs/{id}`; where one route takes only
 * some of them, by its end as well: `jobs/cancel` for `/api/v1/jobs/{id}/cancel`.
 */
export type ExistingIds = Readonly<Record<string, readonly string[]>>;

/** Such an id most of the time, where there are any. */
function pathId(operation: Operation, parameter: Parameter, existing: ExistingIds): fc.Arbitrary<string> {
  const guess = parameterValue(parameter);
  const [collection, end] = operation.path.replace(/^\/(?:api\/v1\/)?/, '').split(`/{${parameter.name}}`) as [
    string,
    string,
  ];
  const ids = existing[collection + end] ?? existing[collection] ?? [];
  if (ids.length === 0) return guess;
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ids) }, { weight: 1, arbitrary: guess });
}

/** However they are written, a client takes segments of dots out of a URL before it asks. */
function pathSegment(value: string): string {
  return /^\.{1,2}$/.test(value) ? 'dots' : encodeURIComponent(value);
}

const FORM = 'multipart/form-data';
const BOUNDARY = 'boundary-of-the-fuzzer';

function encodeBody(type: string, value: unknown): string {
  if (type === 'application/json') return JSON.stringify(value);
  if (type !== FORM) return String(value);
  const parts = Object.entries(value as Record<string, string>).map(
    ([name, text]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${name === 'file' ? '; filename="f"' : ''}\r\n\r\n${text}\r\n`,
  );
  return `${parts.join('')}--${BOUNDARY}--\r\n`;
}

/** A request that keeps to the document. */
export function validRequest(operation: Operation, existing: ExistingIds): fc.Arbitrary<FuzzedRequest> {
  const { parameters, bodySchema, bodyType = 'application/json' } = operation;
  const isJson = bodyType === 'application/json';
  return fc
    .record({
      values: fc.tuple(
        ...parameters.map((parameter) =>
          parameter.in === 'path' ? pathId(operation, parameter, existing) : parameterValue(parameter),
        ),
      ),
      given: fc.oneof(
        { weight: 2, arbitrary: fc.tuple(...parameters.map(() => fc.boolean())) },
        { weight: 1, arbitrary: fc.constant(parameters.map(() => false)) },
      ),
      body: bodySchema
        ? (TEXTS[bodyType] ?? valueOf(bodySchema).map((value) => encodeBody(bodyType, value)))
        : fc.constant(undefined),
    })
    .map(({ values, given, body }) => {
      const request: FuzzedRequest = {
        operation,
        path: operation.path,
        query: [],
        headers: isJson
          ? {}
          : { 'content-type': bodyType === FORM ? `${FORM}; boundary=${BOUNDARY}` : bodyType },
        body,
        mustFail: false,
        isElsewhere: false,
        change: 'none',
      };
      parameters.forEach(({ name, in: place, required }, index) => {
        const value = values[index]!;
        if (place === 'path') request.path = request.path.replace(`{${name}}`, pathSegment(value));
        else if (!required && (!given[index] || name === 'cursor'))
          return; // only a list makes one
        else if (place === 'query') request.query.push([name, value]);
        else request.headers[name.toLowerCase()] = value.replace(/[^\x21-\x7e]/g, '?'); // more cannot be sent
      });
      return request;
    });
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '%00',
    '-1',
    '1e400',
    'NaN',
    'null',
    '__proto__',
    "' OR 1=1 --",
    '../..',
    '9'.repeat(30),
  ),
  fc.constantFrom('\u202e', '\ufeff', '💥'.repeat(50), 'x'.repeat(3_000), '{"a":1}', '[]', '${7*7}'),
);
/** Half a surrogate pair cannot be written in a URL. */
const urlText = anyText.map((value) => encodeURIComponent(value.toWellFormed()));
const anyJson = fc.oneof(
  fc.json(),
  fc.json().map((value) => `[${value}]`),
  fc.string({ unit: 'binary' }),
);
const NO_NUMBERS = ['x', '1e3', '0x1', '', ' ', '-', 'NaN', 'Infinity', '1,2', '٣'];
const noNumber: Record<string, fc.Arbitrary<string>> = {
  number: fc.constantFrom(...NO_NUMBERS),
  integer: fc.constantFrom('1.5', ...NO_NUMBERS),
};

/** The same with one thing changed. */
export function mutatedRequest(operation: Operation, existing: ExistingIds): fc.Arbitrary<FuzzedRequest> {
  const isCompat = operation.path.startsWith('/compat/');
  const changes: fc.Arbitrary<(request: FuzzedRequest) => FuzzedRequest>[] = [
    urlText.map((value) => (request) => ({
      ...request,
      path: request.path.replace(/[^/]+$/, value),
      isElsewhere: true,
      change: 'last segment',
    })),
    fc.tuple(anyText, anyText).map(([name, value]) => (request) => ({
      ...request,
      query: [...request.query, [name.toWellFormed(), value.toWellFormed()]],
      change: 'some query',
    })),
    fc
      .constantFrom('accept', 'x-request-id', 'if-none-match', 'idempotency-key', 'content-encoding')
      .chain((name) =>
        fc.string({ minLength: 1, maxLength: 40 }).map((value) => (request: FuzzedRequest) => ({
          ...request,
          headers: { ...request.headers, [name]: value },
          change: `header ${name}`,
        })),
      ),
  ];
  const queries = operation.parameters.filter((parameter) => parameter.in === 'query');
  for (const { name } of queries) {
    changes.push(
      fc.array(anyText, { minLength: 1, maxLength: 2 }).map((values) => (request) => ({
        ...request,
        query: [
          ...request.query.filter(([other]) => other !== name),
          ...values.map((value): [string, string] => [name, value.toWellFormed()]),
        ],
        change: `query ${name}`,
      })),
    );
  }
  // The originals read numbers leniently, and so do their adapters.
  for (const { name, schema } of isCompat ? [] : queries) {
    const wrong = noNumber[schema.type ?? ''];
    if (!wrong) continue;
    changes.push(
      wrong.map((value) => (request) => ({
        ...request,
        query: [...request.query.filter(([other]) => other !== name), [name, value]],
        mustFail: true,
        change: `no number in ${name}`,
      })),
    );
  }
  if (operation.bodySchema && operation.bodyType === 'application/json') {
    changes.push(anyJson.map((body) => (request) => ({ ...request, body, change: 'some body' })));
    changes.push(
      fc
        .constantFrom('text/plain', 'application/xml', 'application/json; charset=x')
        .map((type) => (request) => ({
          ...request,
          headers: { ...request.headers, 'content-type': type },
          mustFail: true,
          change: 'wrong type',
        })),
    );
    changes.push(
      fc.integer({ min: 1, max: 200 }).map((length) => (request) => ({
        ...request,
        body: request.body?.slice(0, Math.min(length, request.body.length - 1)),
        mustFail: true,
        change: 'cut body',
      })),
    );
  }
  return fc
    .tuple(validRequest(operation, existing), fc.oneof(...changes))
    .map(([request, change]) => change(request));
}

export function urlOf({ path, query }: FuzzedRequest): string {
  const pairs = query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return path + (pairs.length > 0 ? `?${pairs.join('&')}` : '');
}
