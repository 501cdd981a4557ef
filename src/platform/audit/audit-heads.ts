import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

// Whoever owns the database can cut the chain's tail off, and what is left is a chain again. So its head is written down
// elsewhere from time to time: a file of lines, each of which the chain must still hold.

const headSchema = z.object({
  at: z.string(),
  /** First hash of the chain, hexadecimal: by it one chain is told from another. */
  chain: z.string(),
  seq: z.number().int().positive(),
  eventId: z.number().int(),
  hash: z.string(),
});

/** The newest seal at some time. */
export type AuditHead = z.infer<typeof headSchema>;

export function appendHead(path: string, head: AuditHead): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(head)}\n`, { mode: 0o640 });
}

/** All heads of the file, none where there is no file. A last line that a crash has cut in half is left out. @throws Error */
export function readHeads(path: string): AuditHead[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  const whole = lines.slice(0, -1); // what follows the last line break was never finished
  return whole.map((line, index) => {
    try {
      return headSchema.parse(JSON.parse(line));
    } catch {
      throw new Error(`Line ${index + 1} of ${path} is no head of an audit chain`);
    }
  });
}
