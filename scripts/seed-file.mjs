// What the scripts that build seeds/market share: reading the collected facts, checking them, and writing equal bytes for equal facts.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr } from 'node:process';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

class SeedError extends Error {}

export function check(holds, sentence) {
  if (!holds) throw new SeedError(sentence);
}

function parseFile(folder, name) {
  const path = join(folder, name);
  let bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw new SeedError(`${path} cannot be read: ${error.message}`);
  }
  return JSON.parse((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/** A file of rows. */
export function readJson(folder, name) {
  const rows = parseFile(folder, name);
  check(Array.isArray(rows), `${join(folder, name)} is not a JSON array`);
  return rows;
}

/** A file with several lists by name. */
export function readLists(folder, name, lists) {
  const file = parseFile(folder, name);
  for (const list of lists) check(Array.isArray(file?.[list]), `${join(folder, name)} has no list ${list}`);
  return file;
}

export function uniqueIds(what, rows, key) {
  const ids = new Set();
  for (const row of rows) {
    const id = row[key];
    check(
      Number.isInteger(id) && id > 0 && id <= 0x7fffffff,
      `${what} id ${id} is not a positive 32-bit integer`,
    );
    check(!ids.has(id), `${what} ${id} occurs twice`);
    ids.add(id);
  }
  return ids;
}

/** Names are kept letter for letter, so a stray blank or a decomposed accent would end up in the database. */
export function checkName(owner, name) {
  if (name === null) return;
  check(typeof name === 'string' && name !== '', `${owner} has an empty name`);
  check(name === name.normalize('NFC').trim().replace(/\s+/g, ' '), `${owner} has an untidy name: "${name}"`);
}

export const steps = (sortedIds) =>
  sortedIds.map((id, index) => (index === 0 ? id : id - sortedIds[index - 1]));
export const column = (rows, key) => rows.map((row) => row[key]);

/** zlib writes the building system into the header and may write a time; both are set to "unknown". */
function gzipFixed(text) {
  const bytes = gzipSync(Buffer.from(text, 'utf8'), { level: 9, memLevel: 9 });
  bytes.fill(0, 4, 8);
  bytes[9] = 0xff;
  return bytes;
}

/** A reader must never see half a file, so the finished one takes the place of the old one in a single step. @returns its bytes */
export function writeSeed(output, seed) {
  const bytes = gzipFixed(JSON.stringify(seed));
  writeFileSync(`${output}.tmp`, bytes);
  renameSync(`${output}.tmp`, output);
  return bytes.length;
}

/** The command line of a script: the folder with the facts, and where the seed goes. */
export function runBuild(script, seedName, build) {
  const [folder, output = fileURLToPath(new URL(`../seeds/market/${seedName}`, import.meta.url))] =
    argv.slice(2);
  if (folder === undefined) {
    stderr.write(`usage: node scripts/${script} <facts folder> [output file]\n`);
    exit(2);
  }
  try {
    build(folder, output);
  } catch (error) {
    if (!(error instanceof SeedError)) throw error;
    stderr.write(`The seed was not built: ${error.message}\n`);
    exit(1);
  }
}
