import type { Readable } from 'node:stream';
import { inTurns } from '../../platform/lifecycle/in-turns.js';
import { wishListCut, wishListNotText, wishListTooLarge } from '../destiny.errors.js';
import type { WishRoll } from './wish-list.js';
import type { WishListParser } from './wish-list.parser.js';

/** Ten megabytes: the largest of the well-known lists are about that long. */
export const MOST_BYTES = 10_000_000;
/** Of a portion: what is stored by one statement. */
const LINES = 5_000;
/** Short, since the database answers meanwhile. */
const TURN_MS = 5;
const LINE_FEED = 0x0a;

/**
 * The bytes of a request's body, to its end: a slow sender must not keep a transaction open.
 * @throws DomainError for one that is too long, cut off, or was read by a parser
 */
export async function readBody(source: Readable): Promise<Buffer> {
  if (source.readableEnded) throw wishListNotText();
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    // Not the stream itself: leaving its loop would destroy the connection before the answer is sent.
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length;
      if (sizeBytes > MOST_BYTES) throw wishListTooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    source.resume(); // the rest is let go, so that the sender reads the answer
    throw isCut(error) ? wishListCut() : error;
  }
  return Buffer.concat(chunks);
}

const ROLL_LINE = Buffer.from('\ndimwishlist:');

/** Lines that mean to be rolls, found in milliseconds: who sends too many is told before anything is stored. */
export function countRollLines(bytes: Buffer): number {
  let count = bytes.subarray(0, ROLL_LINE.length - 1).equals(ROLL_LINE.subarray(1)) ? 1 : 0;
  for (let at = bytes.indexOf(ROLL_LINE); at !== -1; at = bytes.indexOf(ROLL_LINE, at + 1)) count += 1;
  return count;
}

function isCut(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ABORT_ERR';
}

/** The rolls of a list, portion by portion, while others have their turn in between. @param parser learns what else the list says */
export async function* readRolls(bytes: Buffer, parser: WishListParser): AsyncGenerator<WishRoll[], void> {
  for (let from = 0; from < bytes.length;) {
    const rolls: WishRoll[] = [];
    let end = from;
    await inTurns(
      linesOf(bytes, from),
      ({ text, next }) => {
        const roll = parser.readLine(text);
        if (roll !== null) rolls.push(roll);
        end = next;
      },
      TURN_MS,
    );
    from = end;
    if (rolls.length > 0) yield rolls;
  }
}

/** At most a portion of lines. What is no UTF-8 becomes U+FFFD. */
function* linesOf(bytes: Buffer, from: number): Generator<{ text: string; next: number }, void> {
  for (let count = 0, start = from; count < LINES && start < bytes.length; count += 1) {
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found === -1 ? bytes.length : found;
    yield { text: bytes.toString('utf8', start, end), next: end + 1 };
    start = end + 1;
  }
}
