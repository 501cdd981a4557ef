// Runs before `npm start`, `npm test` and other commands, so that they work on a bare clone: installs packages when
// there are none or the lockfile has changed, builds when the sources have. Says nothing when there is nothing to do.
//
// Plain Node without packages, since it runs before there are any. Several may run at once (start and test in two
// terminals): who has work to do takes a lock first and looks again. What was interrupted is known by a note that is
// written last, and is done again.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './build.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const installNote = join(modules, '.guildhall-install.json');
const lockFolder = join(root, '.build');
const LEAST_NODE = [20, 19];
const POLL_MS = 200;

try {
  process.exitCode = await prepare();
} catch (error) {
  say(`preparing ${root} failed: ${error.message}`);
  process.exitCode = 1;
}

async function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    say(
      `needs Node.js ${LEAST_NODE.join('.')} or newer, but this is ${process.versions.node} (${process.execPath}).`,
    );
    return 1;
  }
  if (isInstalled() && isBuilt()) return 0;
  const unlock = await lock();
  try {
    if (!isInstalled()) {
      const code = await install();
      if (code !== 0) return code;
    }
    if (isBuilt()) return 0;
    say('building ...');
    const code = await build();
    if (code !== 0) say('the build failed, for the reasons above.');
    return code;
  } finally {
    unlock();
  }
}

function wantedInstall() {
  const lockfile = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  return { lockfile, machine: `${process.platform}-${process.arch}` };
}

function isInstalled() {
  const found = readJson(installNote);
  const wanted = wantedInstall();
  return found !== null && found.lockfile === wanted.lockfile && found.machine === wanted.machine;
}

async function install() {
  const wanted = wantedInstall();
  const before = readJson(installNote);
  if (before !== null && before.installer) {
    // A killed start. Its npm may still be at work; once it is not, what it left cannot be trusted: npm would take a
    // package whose folder is there for installed.
    while (isAlive(before.installer)) await sleep(POLL_MS);
    rmSync(modules, { recursive: true, force: true });
  }
  say(
    existsSync(modules)
      ? 'updating packages ...'
      : 'installing packages (the first time this takes a minute or so) ...',
  );
  mkdirSync(modules, { recursive: true });
  const lockfile = join(root, 'package-lock.json');
  const committed = readFileSync(lockfile);
  const code = await runNpm((pid) =>
    writeFileSync(installNote, JSON.stringify({ installer: { pid, birth: birthOf(pid) } })),
  );
  // npm rewrites the lockfile according to each user's settings; a start must not change a committed file.
  if (!readFileSync(lockfile).equals(committed)) writeFileSync(lockfile, committed);
  if (code !== 0) {
    // npm has put things back itself, unless it was killed: then the note stays, and the next start begins anew.
    if (code !== null) rmSync(installNote, { force: true });
    say('the packages could not be installed, for the reason npm gives above.');
    return code || 1;
  }
  writeFileSync(installNote, `${JSON.stringify(wanted)}\n`);
  return 0;
}

function runNpm(onStart) {
  // What the build needs is wanted in production too, and the PostgreSQL programs are optional dependencies.
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ];
  const ownCache = cacheForHomeless();
  const env = ownCache === null ? process.env : { ...process.env, npm_config_cache: ownCache };
  const npm = process.env.npm_execpath || '';
  const isNpm = /^npm(-cli)?\.c?js$/.test(basename(npm));
  const options = {
    cwd: root,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: !isNpm && process.platform === 'win32',
  };
  const child = isNpm ? spawn(process.execPath, [npm, ...args], options) : spawn('npm', args, options);
  return new Promise((resolve, reject) => {
    child.once('spawn', () => onStart(child.pid));
    child.once('error', (error) => reject(new Error(`npm could not be started (${error.code}).`)));
    child.once('exit', resolve);
  }).finally(() => {
    if (ownCache !== null) rmSync(ownCache, { recursive: true, force: true });
  });
}

/** A passing npm cache for users whose home folder does not exist or cannot be written; null for all others. */
function cacheForHomeless() {
  const cache = process.env.npm_config_cache || join(homedir(), '.npm');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return null;
  } catch {
    return mkdtempSync(join(tmpdir(), 'guildhall-npm-'));
  }
}

// The lock: numbered files, of which the highest decides. Each names its owner, so that of a killed process is known to
// be free; taking it over means creating the next number, which only one can do. The highest is never deleted, so who
// created a number from an outdated listing finds a higher one afterwards and withdraws.
async function lock() {
  mkdirSync(lockFolder, { recursive: true });
  const draft = join(lockFolder, `prepare-draft.${process.pid}`);
  writeFileSync(draft, JSON.stringify({ pid: process.pid, birth: birthOf(process.pid) }));
  let hasSaid = false;
  try {
    for (;;) {
      const number = lockNumbers()[0] || 0;
      const holder = number === 0 ? null : readJson(lockPath(number));
      if (holder !== null && isAlive(holder)) {
        if (!hasSaid) say(`waiting for another npm command (process ${holder.pid}) to install or build ...`);
        hasSaid = true;
        await sleep(POLL_MS);
      } else if (tryLock(draft, number + 1)) {
        return () => release(number + 1);
      }
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

function tryLock(draft, number) {
  try {
    linkSync(draft, lockPath(number));
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  const [highest, ...outdated] = lockNumbers();
  if (highest !== number) {
    rmSync(lockPath(number), { force: true });
    return false;
  }
  for (const old of outdated) rmSync(lockPath(old), { force: true });
  return true;
}

function release(number) {
  try {
    truncateSync(lockPath(number), 0);
  } catch {
    // The folder is gone, and the lock with it.
  }
}

function lockNumbers() {
  const numbers = readdirSync(lockFolder).map((name) =>
    Number((/^prepare\.(\d+)$/.exec(name) || [])[1] || 0),
  );
  return numbers.filter((number) => number > 0).sort((a, b) => b - a);
}

function lockPath(number) {
  return join(lockFolder, `prepare.${number}`);
}

function isAlive({ pid, birth }) {
  const now = birthOf(pid);
  return now !== null && (now === '' || birth === '' || now === birth);
}

/** When a process began, so that a process id that was given away again is not mistaken; null when it is gone. */
function birthOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z'
      ? null
      : `${fields[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
  } catch {
    try {
      process.kill(pid, 0);
      return '';
    } catch (error) {
      return error.code === 'EPERM' ? '' : null;
    }
  }
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
}

function sleep(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function say(sentence) {
  console.error(`guildhall: ${sentence}`);
}
