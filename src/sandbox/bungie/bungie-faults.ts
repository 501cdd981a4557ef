import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { writeHuge } from '../loopback-server.js';

// How Bungie, and what stands in front of it, fails. A fault is asked for by path, by player and for so many calls; then the stand-in is
// well again.

export const BUNGIE_FAULTS = [
  'error', // an envelope with `errorCode`; of the token endpoint its own form
  'slow', // the right answer, late
  'stale', // a profile as it was a while ago, by its minted times too; other answers are right
  'cut-json', // JSON that ends too early, with the right length; of a file after `afterBytes`
  'half-body', // the connection is cut in the middle of the answer, likewise
  'wrong-json', // JSON of another shape
  'html', // 200 with a page
  'unavailable', // 503 with a page
  'huge', // 200 without an end
  'reset', // the connection is cut before the answer
  'hang', // no answer
  'lost', // everything is done, and the answer is lost: a rotated token that the client never sees
] as const;
export type BungieFault = (typeof BUNGIE_FAULTS)[number];

export const FAULT_SCHEMA = z.object({
  kind: z.enum(BUNGIE_FAULTS).optional(),
  /** PlatformErrorCodes; without a kind it makes the fault an `error`. */
  errorCode: z.number().int().min(2).optional(),
  throttleSeconds: z.number().int().min(0).max(86_400).default(0),
  /** HTTP status of an `error`; the one that goes with the code unless given. Bungie answers 36 with 200 too. */
  status: z.number().int().min(200).max(599).optional(),
  /** Calls whose path has this in it. */
  path: z.string().max(300).default('/'),
  /** Calls in the name of this player. */
  player: z.string().max(100).optional(),
  /** Calls that go well before. */
  after: z.number().int().min(0).max(1_000_000).default(0),
  count: z.number().int().min(1).max(1_000_000).default(1),
  delayMs: z.number().int().min(0).max(60_000).default(1_000),
  /** Of files that are cut: what comes before. */
  afterBytes: z.number().int().min(0).default(100_000),
  /** Of `stale`: how old. */
  staleMs: z.number().int().min(1).default(60_000),
});
export type FaultGiven = z.input<typeof FAULT_SCHEMA>;
export type PlannedFault = z.output<typeof FAULT_SCHEMA> & { kind: BungieFault };

export class BungieFaults {
  private planned: PlannedFault[] = [];

  /** The next calls that fit fail so. @throws ZodError */
  next(given: FaultGiven): void {
    const fault = FAULT_SCHEMA.parse(given);
    const kind = fault.kind ?? 'error';
    if (kind === 'error' && fault.errorCode === undefined) throw new Error('An error needs its errorCode');
    this.planned.push({ ...fault, kind });
  }

  /** Ends all that is planned. */
  heal(): void {
    this.planned = [];
  }

  /** The fault of this call, and counts it. */
  take(path: string, player: string | null): PlannedFault | undefined {
    const fitting = this.planned.filter(
      (fault) => path.includes(fault.path) && (fault.player === undefined || fault.player === player),
    );
    const ready = fitting.find(({ after }) => after === 0);
    for (const fault of fitting) if (fault.after > 0) fault.after -= 1;
    if (ready === undefined) return undefined;
    ready.count -= 1;
    if (ready.count === 0) this.planned.splice(this.planned.indexOf(ready), 1);
    return ready;
  }
}

const PAGE = '<!doctype html><title>sandbox</title><h1>We will be right back</h1>';
const CUT = '{"Response":{"profile":{"data":{"userInfo":{"members';

/** Where a file ends too early; undefined = it does not. */
export function cutOf(fault: PlannedFault | undefined): number | undefined {
  return fault?.kind === 'cut-json' || fault?.kind === 'half-body' ? fault.afterBytes : undefined;
}

/** Plays a fault that needs no right answer. @returns the status, 0 where the connection ends; undefined for other faults */
export function playFault(
  response: ServerResponse,
  { kind }: Pick<PlannedFault, 'kind'>,
  headers: Record<string, string>,
): number | undefined {
  const end = (status: number, type: string, body: string): number => {
    response.writeHead(status, { ...headers, 'content-type': type }).end(body);
    return status;
  };
  const json = { ...headers, 'content-type': 'application/json; charset=utf-8' };
  switch (kind) {
    case 'cut-json':
      return end(200, 'application/json', CUT);
    case 'wrong-json':
      return end(200, 'application/json', '{"Response":[7],"ErrorCode":"none","access_token":{"a":1}}');
    case 'html':
      return end(200, 'text/html', PAGE);
    case 'unavailable':
      return end(503, 'text/html', PAGE);
    case 'half-body':
      response.writeHead(200, { ...json, 'content-length': '500' });
      response.write(CUT, () => response.socket?.destroy());
      return 0;
    case 'huge':
      writeHuge(response, json);
      return 200;
    case 'reset':
      response.socket?.resetAndDestroy();
      return 0;
    case 'hang':
      return 0;
    case 'error':
    case 'slow':
    case 'stale':
    case 'lost':
      return undefined;
  }
}
