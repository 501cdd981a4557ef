// Runs one benchmark, or lists them:
//   npm run bench
//   npm run bench -- <name> [--quick] [--seed N] [--write]
// A benchmark is one file bench/<name>.ts whose first line says what it measures. It is compiled together with src and
// test/factories and the reader of real tracks (which it may use to fill a world and for its reference side), and it starts dist/main.js, the program as it is shipped, as the server under test.
// Everything ends within a bound: a benchmark that hangs is asked to clean up, then ended.

import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const MOST_SECONDS = { quick: 100, full: 1_800 };
const CLEAN_UP_MS = 20_000;

function listBenchmarks() {
  return readdirSync(join(root, 'bench'))
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => {
      const [first] = readFileSync(join(root, 'bench', file), 'utf8').split('\n', 1);
      return { name: file.slice(0, -'.ts'.length), summary: first.replace(/^\/\/ */, '') };
    });
}

function printList(write) {
  for (const { name, summary } of listBenchmarks()) write(`${name.padEnd(16)} ${summary}`);
  write('Run one: npm run bench -- <name> [--quick] [--seed N]');
}

/** Resolves with the exit code. */
function run(args, onStart = () => undefined) {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('error', fail);
    child.on('close', (code, signal) => done(code ?? (signal === 'SIGINT' ? 130 : 1)));
    onStart(child);
  });
}

function compile(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const swc = join(root, 'node_modules', '@swc', 'cli', 'bin', 'swc.js');
  return run([
    swc,
    'src',
    'bench',
    'test/factories',
    'test/support/gpx-data.ts',
    '--out-dir',
    target,
    '--ignore',
    '**/*.spec.ts',
    '--quiet',
  ]);
}

function runBounded(file, options) {
  const limitMs = 1_000 * (options.includes('--quick') ? MOST_SECONDS.quick : MOST_SECONDS.full);
  return run(['--enable-source-maps', file, ...options], (child) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    const timers = [
      setTimeout(() => {
        console.error(`The benchmark took longer than ${limitMs / 1_000} s and is ended.`);
        child.kill('SIGTERM');
      }, limitMs),
      setTimeout(() => child.kill('SIGKILL'), limitMs + CLEAN_UP_MS),
    ];
    child.on('close', () => timers.forEach(clearTimeout));
  });
}

async function main([name, ...options]) {
  if (name === undefined) {
    printList(console.log);
    return 0;
  }
  if (!listBenchmarks().some((benchmark) => benchmark.name === name)) {
    console.error(`There is no benchmark ${name}. These are:`);
    printList(console.error);
    return 2;
  }
  const target = join(root, '.build', `bench-${process.pid}`);
  try {
    const code = await compile(target);
    return code === 0 ? await runBounded(join(target, 'bench', `${name}.js`), options) : code;
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

process.exitCode = await main(process.argv.slice(2));
