// What `npm test`, `npm run check`, `npm run lint` and `npm run test:services` run: the steps, one line each, until one
// fails; that one's output is then shown whole. What reads sources runs beside each other, cheap steps first, so a misplaced comma is
// known in seconds; tests have the machine to themselves.
//
//   node scripts/check.mjs             format, lint, types, boundaries, all tests
//   node scripts/check.mjs --fast      the same without test/e2e and test/chaos
//   node scripts/check.mjs --lint      format, lint, boundaries
//   node scripts/check.mjs --services  what can differ on Debian's PostgreSQL 15, with PgBouncer, Redis, Chromium; fails without
//
// Random tests take their seed from GUILDHALL_TEST_SEED; without it one is made up and printed. With GUILDHALL_TEST_AGAIN=<n>, which
// the build server sets, up to n spec files that failed run once more, by themselves and with the same seed: what fails again
// fails the run, and what does not is listed as unsteady, a fault to mend.
//
// Tests run with connections to other machines refused, in their processes and in the servers that they start
// (test/support/refuse-outbound.mjs); one that was tried fails the run and is shown.

import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ignoredPatterns, LEFT_TO_NPM_TEST } from './left-to-npm-test.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const mode = process.argv[2] ?? '--all';
const report = join(root, '.build', `jest-${mode.slice(2)}.json`);
const outbound = join(root, '.build', `outbound-${mode.slice(2)}.jsonl`);
const reportAgain = join(root, '.build', `jest-${mode.slice(2)}-again.json`);
const seed = process.env.GUILDHALL_TEST_SEED ?? String(Math.floor(Math.random() * 2 ** 31));
const mostAgain = Number(process.env.GUILDHALL_TEST_AGAIN ?? 0);

const FOLDERS = ['src', 'migrations', 'test', 'bench', 'scripts'].filter((name) =>
  existsSync(join(root, name)),
);
const SOURCES = [`{${FOLDERS.join(',')}}/**/*.{ts,mjs,cjs}`, '*.{mjs,cjs,json,yml}'];
const SERVICES = {
  'postgresql-15': ['/usr/lib/postgresql/15/bin/postgres'],
  pgbouncer: ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'],
  'redis-server': ['/usr/bin/redis-server'],
  chromium: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
};

const format = {
  name: 'format',
  program: 'prettier/bin/prettier.cjs',
  options: ['--check', '--log-level', 'warn', ...SOURCES],
};
const lint = { name: 'lint', program: 'eslint/bin/eslint.js', options: ['.'] };
const types = {
  name: 'types',
  program: 'typescript/bin/tsc',
  options: ['--noEmit', '-p', 'tsconfig.check.json'],
};
const boundaries = {
  name: 'boundaries',
  program: 'dependency-cruiser/bin/dependency-cruise.mjs',
  options: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...FOLDERS],
};
const tests = (...options) => ({
  name: 'tests',
  program: 'jest/bin/jest.js',
  options: ['--seed', seed, '--json', '--outputFile', report, ...options],
  isShown: true,
});
const again = (files) => ({
  name: 'once more',
  program: 'jest/bin/jest.js',
  options: ['--seed', seed, '--json', '--outputFile', reportAgain, '--runTestsByPath', ...files],
  isShown: true,
});

/** What reads sources only: each takes one core, so two lanes of about the same length. */
const SOURCES_READ = [[format, types, boundaries], [lint]];

/** Lanes of steps that run beside each other, one such group after the other. */
const MODES = {
  '--all': [SOURCES_READ, [[tests()]]],
  '--fast': [
    SOURCES_READ,
    [[tests('--testPathIgnorePatterns', '/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/test/chaos/')]],
  ],
  '--lint': [[[format, boundaries], [lint]]],
  '--services': [[[tests('--testPathIgnorePatterns', '/node_modules/', ...ignoredPatterns())]]],
};

const REFUSAL = readFileSync(join(root, 'test', 'support', 'refuse-outbound.mjs'), 'utf8');
const WITHOUT_OUTBOUND = {
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import data:text/javascript,${encodeURIComponent(REFUSAL)}`,
  GUILDHALL_TEST_OUTBOUND: outbound,
};
const MOST_ATTEMPTS_SHOWN = 20;

const children = new Set();

/** Runs a program of node_modules. Output is passed on as it comes where a person waits for it, else kept for a failure. */
function run({ program, options, isShown }) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', program), ...options], {
      cwd: root,
      env: program.startsWith('jest/') ? { ...process.env, ...WITHOUT_OUTBOUND } : process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    let output = '';
    const take = (chunk) => (isShown ? process.stdout.write(chunk) : (output += chunk));
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      children.delete(child);
      done({ isGood: code === 0, output: output + (signal ? `stopped by ${signal}\n` : '') });
    });
  });
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
// A file that does not even load has no failed tests; it counts as one.
const failuresOf = (sum) => sum.numFailedTests + sum.numRuntimeErrorTestSuites;

/** What was left out, by name: a test that needs an absent program must not vanish in silence. */
function summarise() {
  const { testResults, ...sum } = read(report);
  for (const file of testResults) {
    const skipped = file.assertionResults.filter(({ status }) => status === 'pending' || status === 'todo');
    for (const { fullName } of skipped) console.log(`skipped: ${relative(root, file.name)}: ${fullName}`);
  }
  console.log(
    `tests: ${sum.numPassedTests} passed, ${failuresOf(sum)} failed, ${sum.numPendingTests} skipped (seed ${seed})`,
  );
}

/** Whether nothing tried to leave this machine; else what did is shown. */
function areAllAtHome() {
  const lines = readFileSync(outbound, 'utf8').split('\n').filter(Boolean);
  const attempts = lines.filter((line) => JSON.parse(line).isMeant !== true);
  const meant = lines.length - attempts.length;
  console.log(
    `outbound: refused for all tests and their servers, ${attempts.length} attempts (and ${meant} look-ups of the name of the tests' own hooks)`,
  );
  for (const attempt of attempts.slice(0, MOST_ATTEMPTS_SHOWN)) console.log(`  ${attempt}`);
  return attempts.length === 0;
}

/** Runs the spec files that failed once more. @returns whether they are now good, every one of them */
async function isGoodOnceMore() {
  if (!existsSync(report)) return false;
  const failed = read(report).testResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 || failed.length > mostAgain) return false;
  const { isGood } = await run(again(failed.map(({ name }) => name)));
  if (!isGood) return false;
  for (const file of failed) {
    const tests = file.assertionResults.filter(({ status }) => status === 'failed');
    const names = tests.length > 0 ? tests.map(({ fullName }) => fullName) : ['did not load'];
    for (const name of names) console.log(`unsteady: ${relative(root, file.name)}: ${name}`);
  }
  return true;
}

async function main() {
  const groups = MODES[mode];
  if (!groups) {
    console.error(`Unknown mode ${mode}; known are ${Object.keys(MODES).join(' ')}.`);
    return 2;
  }
  if (mode === '--services') {
    const missing = Object.keys(SERVICES).filter((name) => !SERVICES[name].some((path) => existsSync(path)));
    if (missing.length > 0) {
      console.error(`Missing; install with: apt-get install ${missing.join(' ')}`);
      return 1;
    }
    process.env.GUILDHALL_TEST_POSTGRES = 'debian';
    process.env.GUILDHALL_TEST_QUEUES = 'postgres';
    console.log('left to npm test: src/**/*.spec.ts but *.db.spec.ts: rules: no database, no other program');
    console.log(
      'left to npm test: trials of jobs with queues in Redis: their rows are moved as on PostgreSQL',
    );
    for (const { reason, names, but = [] } of LEFT_TO_NPM_TEST)
      console.log(`left to npm test: ${[names.join(' '), ...but].join(' but ')}: ${reason}`);
  }
  mkdirSync(join(root, '.build'), { recursive: true });
  rmSync(report, { force: true });
  rmSync(reportAgain, { force: true });
  writeFileSync(outbound, '');
  chmodSync(outbound, 0o666); // some servers run under another account
  console.log(`seed   ${seed}`);
  for (const lanes of groups) if (!(await areGood(lanes))) return 1;
  return 0;
}

async function isGoodAtLast(step, isGood) {
  if (step.name !== 'tests') return isGood;
  const isPassed = isGood || (await isGoodOnceMore());
  return areAllAtHome() && isPassed;
}

/** Runs lanes beside each other. The first step that fails ends the others, which then say nothing. */
async function areGood(lanes) {
  let isFailed = false;
  const runLane = async (lane) => {
    for (const step of lane) {
      const startedAt = Date.now();
      const { isGood, output } = await run(step);
      if (isFailed) return;
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      if (!isGood && output) process.stdout.write(output.endsWith('\n') ? output : `${output}\n`);
      console.log(`${isGood ? 'ok    ' : 'FAILED'} ${step.name.padEnd(11)} ${seconds.padStart(6)} s`);
      if (step.name === 'tests' && existsSync(report)) summarise();
      if (await isGoodAtLast(step, isGood)) continue;
      isFailed = true;
      for (const child of children) child.kill();
    }
  };
  await Promise.all(lanes.map(runLane));
  return !isFailed;
}

process.exitCode = await main();
