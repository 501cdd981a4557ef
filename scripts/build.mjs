// Builds dist/: src with the Nest CLI (tsc, so that types are checked and the Swagger plugin runs), migrations with swc.
//
// A build is made aside in .build/ and takes the place of dist/ only when it is whole, so neither a failed nor an
// interrupted build is ever started, and a server that runs from dist/ meanwhile is left alone until the end. With it goes
// dist/.build-hash, which says what the build was made from; isBuilt() compares that with the sources as they are now.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const noteFile = join(dist, '.build-hash');
const SOURCES = [
  'src',
  'migrations',
  'tsconfig.json',
  'nest-cli.json',
  '.swcrc',
  'package-lock.json',
  'scripts/build.mjs',
];
/** A file changed this short before a look at it may change again without its time stamp telling. */
const SETTLED_MS = 2000;

/** Whether dist/ is a whole build of the sources as they are now. */
export function isBuilt() {
  const note = readNote();
  if (note === null) return false;
  if (existsSync(join(root, 'src', 'main.ts')) && !existsSync(join(dist, 'main.js'))) return false;
  const files = listSources();
  const marks = marksOf(files);
  // Inode and change time cannot be set back, so equal marks mean equal files; different marks (a copy, a touch) mean
  // that the contents have to be read.
  if (marks !== '' && marks === note.marks) return true;
  if (contentHash(files) !== note.content) return false;
  try {
    writeNote(dist, { content: note.content, marks });
  } catch {
    // Not writable: the contents are read again the next time.
  }
  return true;
}

/** Builds; returns the exit code. */
export async function build() {
  const files = listSources();
  const note = { content: contentHash(files), marks: marksOf(files) };
  const scratch = join(root, '.build');
  mkdirSync(scratch, { recursive: true });
  removeAbandoned(scratch);
  const draft = join(scratch, `dist-${process.pid}`);
  const config = join(scratch, `tsconfig-${process.pid}.json`);
  try {
    rmSync(draft, { recursive: true, force: true });
    const code = compileSources(draft, config);
    if (code !== 0) return code;
    await compileMigrations(draft);
    writeNote(draft, note);
    replaceDist(draft, join(scratch, `old-${process.pid}`));
    return 0;
  } finally {
    rmSync(config, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
}

function compileSources(draft, config) {
  const settings = {
    extends: '../tsconfig.json',
    compilerOptions: { rootDir: '../src', outDir: draft },
    include: ['../src'],
    exclude: ['../src/**/*.spec.ts'],
  };
  writeFileSync(config, JSON.stringify(settings));
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const run = spawnSync(process.execPath, [nest, 'build', '--path', relative(root, config)], {
    cwd: root,
    stdio: 'inherit',
  });
  if (run.error) throw run.error;
  if (run.status !== 0) return run.status || 1;
  for (const file of listFiles(draft))
    if (file.endsWith('.map')) pointAtSources(file, join(dist, relative(draft, file)));
  return 0;
}

/** A source map made in the draft, as it has to be in its final place. */
function pointAtSources(file, finalFile) {
  const map = JSON.parse(readFileSync(file, 'utf8'));
  map.sources = map.sources.map((source) =>
    slashes(relative(dirname(finalFile), resolve(dirname(file), source))),
  );
  writeFileSync(file, JSON.stringify(map));
}

async function compileMigrations(draft) {
  const folder = join(root, 'migrations');
  const files = existsSync(folder) ? listFiles(folder).filter((file) => file.endsWith('.ts')) : [];
  if (files.length === 0) return;
  const { transformFile } = await import('@swc/core');
  const withoutStack = ({ message }) => Promise.reject(new Error(message.split('\n\n')[0]));
  for (const file of files) {
    const name = relative(root, file).replace(/ts$/, 'js');
    const sourceFileName = slashes(relative(dirname(join(dist, name)), file));
    const { code, map } = await transformFile(file, { cwd: root, sourceMaps: true, sourceFileName }).catch(
      withoutStack,
    );
    const target = join(draft, name);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, `${code}//# sourceMappingURL=${name.split(sep).pop()}.map\n`);
    writeFileSync(`${target}.map`, map);
  }
}

function replaceDist(draft, old) {
  if (existsSync(dist)) {
    try {
      renameSync(dist, old);
    } catch {
      rmSync(dist, { recursive: true, force: true }); // a folder of a container image's lower layer cannot be renamed
    }
  }
  renameSync(draft, dist);
  rmSync(old, { recursive: true, force: true });
}

/** What builds that were killed left in .build/. */
function removeAbandoned(scratch) {
  for (const name of readdirSync(scratch)) {
    const maker = /^(?:dist|old|tsconfig)-(\d+)(?:\.json)?$/.exec(name);
    if (maker && !isRunning(Number(maker[1]))) rmSync(join(scratch, name), { recursive: true, force: true });
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function listSources() {
  const files = [];
  for (const name of SOURCES) {
    const path = join(root, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found && found.isDirectory()) files.push(...listFiles(path));
    else if (found) files.push(path);
  }
  return files.filter((file) => !file.endsWith('.spec.ts')).sort();
}

function listFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

/** The files' marks as the file system keeps them; '' when one is too fresh to be trusted. */
function marksOf(files) {
  const now = Date.now();
  const hash = createHash('sha256');
  let isSettled = true;
  for (const file of files) {
    const { size, mtimeNs, ctimeNs, ino } = statSync(file, { bigint: true });
    hash.update(`${relative(root, file)}\0${size} ${mtimeNs} ${ctimeNs} ${ino}\n`);
    if (Number(ctimeNs / 1000000n) > now - SETTLED_MS) isSettled = false;
  }
  return isSettled ? hash.digest('hex') : '';
}

function contentHash(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${slashes(relative(root, file))}\0${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

function readNote() {
  try {
    const note = JSON.parse(readFileSync(noteFile, 'utf8'));
    return typeof note.content === 'string' && typeof note.marks === 'string' ? note : null;
  } catch {
    return null;
  }
}

function writeNote(folder, note) {
  const path = join(folder, '.build-hash');
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(note)}\n`);
  renameSync(draft, path);
}

function slashes(path) {
  return path.split(sep).join('/');
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await build();
}
