import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { SECRETS_KEY } from '../support/server-process.js';
import { queryRows } from '../support/table-counts.js';

// `npm run demo:race` without a terminal, sped up: a Guildhall of its own, a race over its socket, and an end by itself.

let database: TestDatabase;
/** Where it puts what is to go with it. */
let folder: string;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'guildhall-demo-test-'));
});

afterAll(async () => {
  await database.drop();
  rmSync(folder, { recursive: true });
});

interface Ended {
  code: number | null;
  lines: string[];
  errors: string;
}

function demo(...args: string[]): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['scripts/demo-race.mjs', ...args], {
    env: { PATH, HOME, TMPDIR: folder, SECRETS_KEY, DATABASE_URL: database.url },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, lines: output.trimEnd().split('\n'), errors }));
  });
}

describe('the demonstration of a race', () => {
  it('tells the gap along the way, and ends with the official result', async () => {
    const { code, lines, errors } = await demo('--own', '--speed', '400', '--seed', '11');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(lines.join('\n')).not.toMatch(/NaN|undefined|null/);
    expect(lines.join('\n')).not.toContain('\u001b'); // nothing is drawn where there is no terminal
    expect(lines[1]).toMatch(
      /^course {4}3\.0\d km in a loop, seed 11; the ghost ran it in \d\d:\d\d; 400 times/,
    );
    expect(lines).toContain('  waiting -> racing');
    expect(lines).toContain('  racing -> finished');
    const along = lines
      .flatMap((line) => /^ +(\d+) m +\d+:\d\d +(?:level|\d+\.\d s (?:behind|ahead))/.exec(line)?.[1] ?? [])
      .map(Number);
    expect(along.length).toBeGreaterThan(4);
    expect(along).toEqual([...along].sort((a, b) => a - b));
    expect(lines.filter((line) => /^ {2}km \d {2}\d:\d\d {2}ghost \d:\d\d/.test(line))).toHaveLength(3);

    const [stored, finish, official] = lines.slice(-3);
    const fixCount = Number(/^stored {4}(\d+) fixes, every one acknowledged$/.exec(stored!)![1]);
    expect(finish).toMatch(/^finish {4}\d\d:\d\d, the ghost \d\d:\d\d$/);
    const [, status, gapS, side] = /^official {2}(won|lost): (\d+\.\d) s (behind|ahead) at the line, give or take \d+\.\d s$/.exec(official!)!; // prettier-ignore
    const [result] = await queryRows<{ status: string; gapS: number; fixCount: number }>(
      database.url,
      `SELECT r.status, r.time_difference_s AS "gapS", f.fix_count AS "fixCount"
       FROM running.race_result r JOIN running.folded_fixes f ON f.run_id = r.run_id`,
    );
    expect(result).toMatchObject({ status, fixCount });
    expect(Math.abs(result!.gapS - Number(gapS) * (side === 'ahead' ? -1 : 1))).toBeLessThan(0.051);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says in one sentence what is wrong with what it is told', async () => {
    const refused = async (...args: string[]): Promise<string> => {
      const { code, errors } = await demo(...args);
      expect(code).toBe(1);
      return errors;
    };
    expect(await refused('--url', 'http://127.0.0.1:9')).toBe(
      'No Guildhall answers at http://127.0.0.1:9.\n',
    );
    expect(await refused('--fast')).toMatch(/^Unknown option '--fast'/);
    expect(await refused('--speed', '0')).toBe('--speed is a number of 1 to 1000.\n');
  });
});
