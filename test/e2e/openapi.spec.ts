import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { type ServerProcess, startServerProcess } from '../support/server-process.js';

interface QueryParameter {
  in: string;
  name: string;
  schema: { type: string; enum?: unknown[]; minimum?: number; maximum?: number };
}

/** Where each class of bodies and answers stands. */
function dtoClasses(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const file of readdirSync('src', { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.dto.ts')) continue;
    for (const [, name] of readFileSync(join('src', file), 'utf8').matchAll(/^export class (\w+)/gm))
      if (!name!.endsWith('QueryDto')) found.set(name!, [...(found.get(name!) ?? []), file]);
  }
  return found;
}

describe('docs/openapi.json', () => {
  let database: TestDatabase;
  let server: ServerProcess;

  beforeAll(async () => {
    database = await createTestDatabase();
    server = await startServerProcess({ DATABASE_URL: database.url });
  });

  afterAll(async () => {
    await server.stop();
    await database.drop();
  });

  it('says integer, with bounds, wherever a query of the market takes one', async () => {
    const { paths } = (await (await fetch(`${server.url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, { parameters?: QueryParameter[] }>>;
    };
    const numbers = Object.entries(paths)
      .filter(([path]) => path.startsWith('/api/v1/market/'))
      .flatMap(([, operations]) => Object.values(operations).flatMap(({ parameters = [] }) => parameters))
      .filter(
        (parameter) => parameter.in === 'query' && ['number', 'integer'].includes(parameter.schema.type),
      );
    const fractions = numbers.filter(({ schema }) => schema.type === 'number').map(({ name }) => name);
    expect(
      [...new Set(fractions)].filter(
        (name) => !/^(min|max).*(Price|Profit|Pct|Confidence|AgeH|Roi)$/.test(name),
      ),
    ).toEqual([]);
    for (const { name, schema } of numbers)
      expect({ name, ...schema }).toEqual(
        expect.objectContaining(
          schema.enum === undefined
            ? { minimum: expect.any(Number), maximum: expect.any(Number) }
            : { type: 'integer' },
        ),
      );
    expect(numbers.filter(({ schema }) => schema.type === 'integer').length).toBeGreaterThan(30);
  });

  it('names each class of bodies and answers once: of two of a name it would hold one', () => {
    const classes = [...dtoClasses()];
    expect(classes.length).toBeGreaterThan(200);
    expect(classes.filter(([, files]) => files.length > 1)).toEqual([]);
  });

  it('is what the routes say (else run: npm run openapi)', async () => {
    const served = await (await fetch(`${server.url}/openapi.json`)).json();
    expect(JSON.parse(readFileSync('docs/openapi.json', 'utf8'))).toEqual(served);
  });
});
