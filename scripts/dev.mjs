// Watch mode: builds, starts, and does both again when a source file changes.
import { spawn, spawnSync } from 'node:child_process';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
let server;
let timer;
let isBusy = false;

function start() {
  server = spawn(process.execPath, ['dist/main.js'], { cwd: root, stdio: 'inherit' });
}

function stop() {
  return new Promise((resolve) => {
    if (!server || server.exitCode !== null) return resolve();
    server.once('exit', resolve);
    server.kill('SIGINT');
  });
}

async function rebuild() {
  if (isBusy) return;
  isBusy = true;
  const built = spawnSync(process.execPath, ['scripts/prepare.mjs'], { cwd: root, stdio: 'inherit' });
  if (built.status === 0) {
    await stop();
    start();
  }
  isBusy = false;
}

for (const folder of ['src', 'migrations']) {
  watch(new URL(`../${folder}`, import.meta.url), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(rebuild, 200);
  });
}
process.on('SIGINT', () => void stop().then(() => process.exit(0)));
start();
