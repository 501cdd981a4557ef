import { expect, it } from '@jest/globals';
import { existsSync, statSync } from 'node:fs';

// What `npm run test:services` leaves out: a name that was moved or mistyped leaves out nothing, a pattern one too wide leaves out others.

interface List {
  readonly LEFT_TO_NPM_TEST: readonly {
    readonly reason: string;
    readonly names: readonly string[];
    readonly but?: readonly string[];
  }[];
  ignoredPatterns(): string[];
}
const FILE = '../../scripts/left-to-npm-test.mjs';
const list = (): Promise<List> => import(FILE) as Promise<List>;

it('names what is there, once, with a reason', async () => {
  const { LEFT_TO_NPM_TEST } = await list();
  const names = LEFT_TO_NPM_TEST.flatMap(({ names, but = [] }) => [...names, ...but]);
  expect(names.length).toBeGreaterThan(0);
  expect(new Set(names).size).toBe(names.length);
  expect(LEFT_TO_NPM_TEST.filter(({ reason }) => reason.length < 15)).toEqual([]);
  expect(
    names.filter(
      (name) => !existsSync(name) || statSync(name).isDirectory() !== name.endsWith('/') || !isSpec(name),
    ),
  ).toEqual([]);
});

const isSpec = (name: string): boolean => name.endsWith('/') || name.endsWith('.spec.ts');

it('leaves out rules and what it names, and nothing beside', async () => {
  const patterns = (await list())
    .ignoredPatterns()
    .map((pattern) => new RegExp(pattern.replace('<rootDir>', '^')));
  const isLeftOut = (path: string): boolean => patterns.some((pattern) => pattern.test(`/${path}`));
  for (const path of ['src/market/terms/terms.spec.ts', 'test/contract/any.spec.ts', 'test/e2e/tls.spec.ts'])
    expect([path, isLeftOut(path)]).toEqual([path, true]);
  for (const path of [
    'src/market/alerts/alerts.db.spec.ts',
    'test/e2e/migrations.spec.ts',
    'test/security/members.spec.ts',
    'test/fuzz/openapi-fuzz.spec.ts',
    'test/security/planted-route_spec.ts',
  ])
    expect([path, isLeftOut(path)]).toEqual([path, false]);
});
