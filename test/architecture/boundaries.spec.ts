import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

// A boundary rule whose pattern matches nothing is green for ever. So each rule is shown a small tree that breaks it, and
// must say so by name; a tree of the same shape that breaks none must pass. The configuration is the repository's own.

const ROOT = resolve(__dirname, '../..');

type Tree = Record<string, string>;

/** A tree that obeys: every file that the planted ones lean on is here, wired the way the rules want it. */
const CLEAN: Tree = {
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { typeorm: '1', pg: '1', zod: '1', bullmq: '1', undici: '1', express: '1' },
    devDependencies: { autocannon: '1' },
  }),
  'tsconfig.check.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      target: 'es2023',
      strict: true,
      noEmit: true,
      types: [],
    },
    include: ['src', 'test'],
  }),
  ...Object.fromEntries(
    ['typeorm', 'pg', 'zod', 'bullmq', 'undici', 'express', 'autocannon', 'undeclared'].flatMap(fakePackage),
  ),
  'src/main.ts': "import { server } from './boot/server.js';\nexport const main = server;\n",
  'src/boot/server.ts':
    "import { app } from '../app.module.js';\nimport { bungie } from '../sandbox/bungie.js';\nexport const server = [app, bungie];\n",
  'src/app.module.ts':
    "import { items } from './market/catalog/items.module.js';\nexport const app = items;\n",
  'src/sandbox/bungie.ts': 'export const bungie = 1;\n',
  'src/platform/config/env.ts':
    'export const env = process.env;\ndeclare const process: { env: Record<string, string> };\n',
  'src/platform/database/unit-of-work.ts':
    "import { DataSource } from 'typeorm';\nimport { env } from '../config/env.js';\nexport interface Tx { id: string }\nexport const uow = [DataSource, env];\n",
  'src/platform/auth/principal.ts': 'export interface Principal { id: string }\n',
  'src/platform/jobs/worker.ts': "import { Worker } from 'bullmq';\nexport const worker = Worker;\n",
  'src/platform/outbound/outbound.ts':
    "import { request } from 'undici';\nexport const outbound = request;\n",
  'src/platform/profiling/span.ts': 'export const span = 1;\n',
  'src/platform/profiling/sink.ts':
    "import { span } from './span.js';\nimport { uow } from '../database/unit-of-work.js';\nexport const sink = [span, uow];\n",
  'src/platform/http/problem.ts':
    "import type { Principal } from '../auth/principal.js';\nimport { span } from '../profiling/span.js';\nexport const problem = (p: Principal): unknown => [p.id, span];\n",
  'src/platform/operations/desk.ts': 'export const desk = 1;\n',
  'src/identity/identity.public.ts':
    "import { account } from './account.js';\nexport const whoIs = account;\n",
  'src/identity/account.ts': 'export const account = 1;\n',
  'src/market/catalog/fold.ts':
    "import { z } from 'zod';\nimport type { rank } from './search-rank.js';\nexport const fold = (ranked: typeof rank): unknown => [ranked, z];\n",
  'src/market/catalog/search-rank.ts':
    "import type { Tx } from '../../platform/database/unit-of-work.js';\nimport { fold } from './fold.js';\nexport const rank = (tx: Tx): unknown => [fold, tx];\n",
  'src/market/catalog/item.entity.ts':
    "import { Entity } from 'typeorm';\nimport { recipe } from './recipe.entity.js';\nexport const item = [Entity, recipe];\n",
  'src/market/catalog/recipe.entity.ts':
    "import { item } from './item.entity.js';\nexport const recipe: unknown[] = [() => item];\n",
  'src/market/catalog/items.repository.ts':
    "import { Client } from 'pg';\nimport { item } from './item.entity.js';\nexport const repository = [Client, item];\n",
  'src/market/catalog/items.service.ts':
    "import { whoIs } from '../../identity/identity.public.js';\nimport { repository } from './items.repository.js';\nimport { rank } from './search-rank.js';\nexport const service = [whoIs, repository, rank];\n",
  'src/market/catalog/items.controller.ts':
    "import { service } from './items.service.js';\nexport const controller = service;\n",
  'src/market/catalog/items.module.ts':
    "import { controller } from './items.controller.js';\nexport const items = controller;\n",
  'src/market/catalog/items.db.spec.ts':
    "import 'pg';\nimport { controller } from './items.controller.js';\nexport const spec = controller;\n",
  'src/running/runs/pace.ts': 'export const pace = 1;\n',
  'test/support/database.ts': "import 'pg';\nexport const database = 1;\n",
  'scripts/prepare.mjs': "import { spawn } from 'node:child_process';\nexport const prepare = spawn;\n",
};

/** rule -> the file that breaks it, and its text. */
const PLANTED: readonly (readonly [rule: string, path: string, text: string])[] = [
  ['platform-knows-no-domain', 'src/platform/http/bad-domain.ts', "import '../../market/catalog/fold.js';"],
  [
    'platform-knows-no-domain',
    'src/platform/auth/bad-identity.ts',
    "import '../../identity/identity.public.js';",
  ],
  ['platform-floor-1', 'src/platform/config/bad-floor.ts', "import '../database/unit-of-work.js';"],
  ['platform-floor-2', 'src/platform/database/bad-floor.ts', "import '../auth/principal.js';"],
  ['platform-floor-3', 'src/platform/auth/bad-floor.ts', "import '../jobs/worker.js';"],
  ['platform-floor-4', 'src/platform/profiling/bad-floor.ts', "import '../http/problem.js';"],
  ['platform-floor-4', 'src/platform/profiling/bad-neighbour.ts', "import '../jobs/worker.js';"],
  [
    'platform-floor-5',
    'src/platform/sync/bad-floor.ts',
    "import type { problem } from '../http/problem.js';\nexport type P = typeof problem;",
  ],
  ['platform-floor-6', 'src/platform/realtime/bad-floor.ts', "import '../operations/desk.js';"],
  ['platform-spans-are-pure', 'src/platform/profiling/span-bad.ts', "import '../config/env.js';"],
  ['platform-room-has-a-floor', 'src/platform/attic/bad-room.ts', "import './bad-trunk.js';"],
  ['domains-are-strangers', 'src/running/runs/bad-stranger.ts', "import '../../market/catalog/fold.js';"],
  ['identity-has-one-door', 'src/market/catalog/bad-door.mapper.ts', "import '../../identity/account.js';"],
  ['identity-knows-no-domain', 'src/identity/bad-upwards.ts', "import '../market/catalog/fold.js';"],
  ['nothing-imports-the-entry', 'src/market/catalog/bad-entry.mapper.ts', "import '../../app.module.js';"],
  ['nothing-imports-the-entry', 'src/market/catalog/bad-boot.service.ts', "import '../../boot/server.js';"],
  [
    'sandbox-is-for-demo-and-tests',
    'src/running/runs/bad-sandbox.client.ts',
    "import '../../sandbox/bungie.js';",
  ],
  ['rules-are-pure', 'src/market/catalog/bad-orm.ts', "import 'typeorm';"],
  ['rules-are-pure', 'src/market/catalog/bad-clock.ts', "import 'node:perf_hooks';"],
  ['rules-are-pure', 'src/market/catalog/bad-service-user.ts', "import './items.service.js';"],
  [
    'controllers-call-services',
    'src/market/catalog/bad-shortcut.controller.ts',
    "import './items.repository.js';",
  ],
  [
    'nothing-imports-a-controller',
    'src/market/catalog/bad-upside-down.service.ts',
    "import './items.controller.js';",
  ],
  ['services-know-no-transport', 'src/market/catalog/bad-http.service.ts', "import 'express';"],
  [
    'repositories-stand-below-services',
    'src/market/catalog/bad-caller.repository.ts',
    "import './items.service.js';",
  ],
  [
    'only-repositories-know-sql-clients',
    'src/market/catalog/bad-sql.service.ts',
    "import type { Client } from 'pg';\nexport type C = Client;",
  ],
  ['only-jobs-knows-the-queue', 'src/market/catalog/bad-queue.service.ts', "import 'bullmq';"],
  ['only-outbound-calls-out', 'src/running/runs/bad-call.client.ts', "import 'undici';"],
  [
    'no-circles',
    'src/market/catalog/bad-circle.service.ts',
    "import { other } from './other-half.service.js';\nexport const one = () => other;",
  ],
  ['no-barrels', 'src/market/catalog/bad-barrel-user.mapper.ts', "import '../prices/index.js';"],
  [
    'product-does-not-need-tests',
    'src/market/catalog/bad-test-user.service.ts',
    "import '../../../test/support/database.js';",
  ],
  ['product-has-its-dependencies', 'src/market/catalog/bad-dev.service.ts', "import 'autocannon';"],
  ['product-has-its-dependencies', 'src/market/catalog/bad-luck.service.ts', "import 'undeclared';"],
  ['scripts-run-before-install', 'scripts/bad-early.mjs', "import 'zod';"],
  ['imports-resolve', 'test/support/bad-missing.ts', "import './nowhere.js';"],
];

/** What planted files lean on without breaking anything themselves. */
const PROPS: Tree = {
  'src/platform/attic/bad-trunk.ts': 'export const trunk = 1;\n',
  'src/market/prices/index.ts': 'export const prices = 1;\n',
  'src/market/catalog/other-half.service.ts':
    "import { one } from './bad-circle.service.js';\nexport const other = () => one;\n",
};

function fakePackage(name: string): [string, string][] {
  return [
    [
      `node_modules/${name}/package.json`,
      JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }),
    ],
    [`node_modules/${name}/index.js`, 'export const a = 1;\n'],
  ];
}

function plant(folder: string, tree: Tree): void {
  for (const [path, text] of Object.entries(tree)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function run(
  folder: string,
  program: string,
  ...options: string[]
): { status: number | null; stdout: string } {
  const bin = join(ROOT, 'node_modules', program);
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...options], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(`${program} said nothing: ${stderr}`);
  return { status, stdout };
}

function violations(folder: string): { rule: string; from: string }[] {
  const config = join(ROOT, '.dependency-cruiser.cjs');
  const { stdout } = run(
    folder,
    'dependency-cruiser/bin/dependency-cruise.mjs',
    ...['--config', config, '--output-type', 'json', 'src', 'test', 'scripts'],
  );
  const report = JSON.parse(stdout) as {
    summary: {
      totalCruised: number;
      violations: { from: string; rule: { name: string; severity: string } }[];
    };
  };
  expect(report.summary.totalCruised).toBeGreaterThan(20);
  return report.summary.violations.map(({ from, rule }) => ({ rule: `${rule.name} ${rule.severity}`, from }));
}

const folders: string[] = [];

function scratch(...trees: Tree[]): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'guildhall boundaries ')));
  folders.push(folder);
  for (const tree of trees) plant(folder, tree);
  return folder;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('module boundaries', () => {
  let found: { rule: string; from: string }[];

  beforeAll(() => {
    const planted = Object.fromEntries(PLANTED.map(([, path, text]) => [path, `${text}\nexport {};\n`]));
    found = violations(scratch(CLEAN, PROPS, planted));
  });

  it('finds nothing in a tree that obeys', () => {
    expect(violations(scratch(CLEAN))).toEqual([]);
  });

  it.each(PLANTED)('%s reports %s', (rule, path) => {
    expect(found).toContainEqual({ rule: `${rule} error`, from: path });
  });

  it('accuses planted files only', () => {
    const guilty = new Set(PLANTED.map(([, path]) => path));
    expect(found.filter(({ from }) => !guilty.has(from))).toEqual([]);
  });

  it('shows every rule a tree that breaks it', () => {
    const { forbidden } = createRequire(__filename)('../../.dependency-cruiser.cjs') as {
      forbidden: { name: string }[];
    };
    expect(
      forbidden.map(({ name }) => name).filter((name) => !PLANTED.some(([rule]) => rule === name)),
    ).toEqual([]);
  });
});

/** eslint rule, part of its message, the file that breaks it, and its text. */
const UNLINTED: readonly (readonly [rule: string, message: string, path: string, text: string])[] = [
  ['no-restricted-properties', 'environment', 'src/market/a.service.ts', 'export const a = process.env;'],
  ['no-restricted-imports', 'environment', 'src/market/b.service.ts', "export { env } from 'node:process';"],
  ['no-restricted-syntax', 'forwardRef', 'src/market/c.module.ts', 'export const c = forwardRef(() => 1);'],
  ['no-restricted-syntax', 'request-scoped', 'src/market/d.service.ts', 'export const d = Scope.REQUEST;'],
  ['no-restricted-syntax', 'default exports', 'src/market/e.service.ts', 'export default class E {}'],
  ['no-restricted-syntax', 'barrels', 'src/market/f.service.ts', "export * from './d.service.js';"],
  [
    'no-restricted-syntax',
    'user scope',
    'src/market/g.service.ts',
    'export const g = new G().dataSource.getRepository(1);',
  ],
  [
    'no-restricted-syntax',
    'more than 7',
    'src/market/h.service.ts',
    'export class H { constructor(a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1, h: 1) { void [a, b, c, d, e, f, g, h]; } }',
  ],
  [
    'no-restricted-globals',
    'platform/outbound',
    'src/market/i.client.ts',
    "export const i = fetch('http://127.0.0.1');",
  ],
  ['no-restricted-properties', 'takes the time', 'src/market/now-rule.ts', 'export const now = Date.now();'],
  ['no-restricted-syntax', 'takes the time', 'src/market/today-rule.ts', 'export const today = new Date();'],
  ['no-restricted-properties', 'randomness', 'src/market/dice-rule.ts', 'export const dice = Math.random();'],
  ['no-console', 'console', 'src/market/j.service.ts', "console.log('j');"],
  ['max-lines', '400', 'src/market/k.service.ts', 'export const k = [\n' + '  1,\n'.repeat(400) + '];'],
  [
    '@typescript-eslint/no-explicit-any',
    'any',
    'src/market/l.service.ts',
    'export const l = (x: any): unknown => x;',
  ],
  [
    '@typescript-eslint/no-floating-promises',
    'Promises must be',
    'src/market/m.service.ts',
    'export const m = (): void => { Promise.resolve(1); };',
  ],
  [
    '@typescript-eslint/switch-exhaustiveness-check',
    'not exhaustive',
    'src/market/n.service.ts',
    "export function n(x: 'a' | 'b'): number { switch (x) { case 'a': return 1; } return 2; }",
  ],
];

const LINTED: Tree = {
  'src/platform/config/env.ts': 'declare const process: { env: object };\nexport const env = process.env;\n',
  'src/market/clock.service.ts': 'export const clock = (): number => Date.now();\n',
  'src/main.ts': "console.log('listening');\n",
  'test/support/global-setup.ts': 'export default function setup(): void {}\n',
};

describe('lint', () => {
  const planted = Object.fromEntries(UNLINTED.map(([, , path, text]) => [path, `${text}\n`]));
  let found: { filePath: string; messages: { ruleId: string | null; message: string }[] }[];

  beforeAll(() => {
    const root = JSON.stringify(pathToFileURL(join(ROOT, 'eslint.config.mjs')).href);
    const folder = scratch(LINTED, planted, {
      'tsconfig.check.json': CLEAN['tsconfig.check.json']!,
      'eslint.config.mjs': `import rules from ${root};
export default [...rules, { languageOptions: { parserOptions: { tsconfigRootDir: import.meta.dirname } } }];`,
    });
    const { stdout } = run(folder, 'eslint/bin/eslint.js', '--format', 'json', 'src', 'test');
    found = (JSON.parse(stdout) as typeof found).map((file) => ({
      ...file,
      filePath: file.filePath.slice(folder.length + 1),
    }));
  });

  it.each(UNLINTED)('%s (%s) reports %s', (rule, message, path) => {
    const messages = found.find(({ filePath }) => filePath === path)?.messages;
    expect(messages).toContainEqual(
      expect.objectContaining({ ruleId: rule, message: expect.stringMatching(new RegExp(message, 'i')) }),
    );
  });

  it('leaves alone what is allowed where it stands', () => {
    const allowed = found.filter(({ filePath }) => filePath in LINTED);
    expect(allowed).toHaveLength(Object.keys(LINTED).length);
    expect(allowed.flatMap(({ messages }) => messages)).toEqual([]);
  });
});
