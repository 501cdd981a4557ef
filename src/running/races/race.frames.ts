import { z } from 'zod';
import { defineFrames, received, sent } from '../../platform/realtime/frames.js';
import { FIX_ELEMENT, type Fix, MOST_SEQ, readFix } from '../recordings/fix.js';
import { GHOST_BASES } from '../ghosts/ghost-kinds.js';
import {
  MARK_CODES,
  MARK_WEIGHTS,
  MOST_RACE_GHOSTS,
  PARTICIPANT_STATES,
  RACE_CLOCKS,
  RACE_MODES,
  RACE_STATUSES,
  RESULT_STATUSES,
} from './race-kinds.js';

/** Of one message: ten seconds of fifty a second, or what a phone has kept in a tunnel; more come in the next. */
export const MOST_FIXES_OF_MESSAGE = 500;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const id = z.uuid().toLowerCase();
const runId = id.describe('An own run; one that is being recorded here.');
const atMs = z.int().min(0).max(4_102_444_800_000).describe('Milliseconds since 1970 by the device.');
const seq = z.int().min(1).max(MOST_SEQ).describe('The device numbers its own presses from 1 on.');
const fix = FIX_ELEMENT.transform((element) => readFix(element) as Fix);

export const RACE_JOIN = received(
  'race.join',
  'Races with a run, from now on or again after a break: answered by a `snapshot`, or by what was missed after `from`.',
  z
    .strictObject({
      raceId: id.optional(),
      ghostIds: z
        .array(id)
        .min(1)
        .max(MOST_RACE_GHOSTS)
        .optional()
        .describe('Without a race that was planned: against these ghosts.'),
      runId,
      mode: z.enum(RACE_CLOCKS).optional().describe('Of a race that was not planned: which clock counts.'),
      from: z
        .string()
        .max(100)
        .optional()
        .describe('The `id` of the last frame of this race that the client has seen.'),
    })
    .refine(({ raceId, ghostIds }) => (raceId === undefined) !== (ghostIds === undefined), {
      message: 'takes the place of ghostIds: one of the two',
      path: ['raceId'],
    }),
);

export const FIX = received(
  'fix',
  'Fixes of a run, in any order, twice or late; `ack` says what is stored for good. Those that were not acknowledged are sent again.',
  z.strictObject({
    runId,
    f: z.array(fix).min(1).max(MOST_FIXES_OF_MESSAGE).describe('[seq,tMs,lat,lon,acc,alt,spd,brg,hr,cad]'),
  }),
  { read: readFixes },
);

/** By hand what the schema says: this is done thousands of times a second. */
function readFixes(data: unknown): { runId: string; f: Fix[] } | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { runId: run, f } = data as { runId?: unknown; f?: unknown };
  if (typeof run !== 'string' || !UUID.test(run) || !Array.isArray(f)) return undefined;
  if (f.length === 0 || f.length > MOST_FIXES_OF_MESSAGE || Object.keys(data).length !== 2) return undefined;
  const fixes: Fix[] = [];
  for (const element of f) {
    const one = readFix(element);
    if (typeof one === 'string') return undefined;
    fixes.push(one);
  }
  return { runId: run, f: fixes };
}

const press = z.strictObject({ runId, seq, at: atMs });
export const PAUSE = received('pause', 'The watch was stopped. Done once it is stored.', press);
export const RESUME = received('resume', 'The watch goes on.', press);
export const LAP = received('lap', 'A lap ends here.', press);

export const FINISH = received(
  'finish',
  'The run is over. A provisional `result` comes at once, the official one when all fixes up to `lastSeq` are folded.',
  z.strictObject({
    runId,
    lastSeq: z.int().min(0).max(MOST_SEQ).optional().describe('The number of the last fix; 0 for none.'),
    at: atMs.optional(),
  }),
);

export const WATCH_RACE = received(
  'watch',
  'Follows the runners of a race that the caller takes part in, or holds an invitation to. Another watch of it goes on from there.',
  z.strictObject({
    raceId: id,
    token: z
      .string()
      .regex(/^[\w-]{43}$/)
      .optional()
      .describe('Of the invitation.'),
    from: z
      .string()
      .max(100)
      .optional()
      .describe('The `id` of the last frame of it that the client has seen.'),
  }),
);
export const UNWATCH_RACE = received('unwatch', 'Follows it no longer.', z.strictObject({ raceId: id }));

export const LIVE_STATES = [
  'waiting',
  'racing',
  'off_route',
  'rejoined',
  'paused',
  'wrong_way',
  'finished',
  'missed_start',
] as const;
const liveState = z.enum(LIVE_STATES);
const seconds = z.number().nullable();
const number = z.int().min(1).describe('Of the runner in this race.');
const place = {
  along: z.number().nullable().describe('Metres from the start line.'),
  toGo: z.number().nullable().describe('Metres to the finish line.'),
};

const gapToGhost = z.strictObject({
  id: z.uuid(),
  s: seconds.describe('Gap in seconds by the clock of the race; positive = the runner is behind.'),
  m: seconds.describe('The same in metres along the route.'),
  ...place,
  trend: z.enum(['gaining', 'losing', 'steady']).nullable(),
  state: liveState,
  conf: z.number().nullable().describe('How likely the gap is right within two seconds, 0 to 1.'),
  sd: z.number().nullable().describe('Standard deviation of the gap in seconds.'),
  basis: z.enum(GHOST_BASES).describe('Compared by place on the route, or by distance covered.'),
  eta: seconds.describe('Seconds to the finish line.'),
  stale: z.boolean().describe('The gap is that of an earlier moment.'),
});
const gapToRival = z.strictObject({
  who: number,
  s: seconds.describe(
    'As to a ghost, both counted from their own start, at the newest moment at which both are known; null = not known here yet.',
  ),
  m: z.number().describe('By which the rival was further along at that moment.'),
  state: liveState,
  stale: z.boolean().describe('Nothing has been heard of the rival for a while: the gap is the last one.'),
});

const ack = {
  upTo: z.int().describe('Every fix up to this number is stored for good.'),
  missing: z
    .array(z.tuple([z.int(), z.int()]))
    .describe('Gaps behind it, from and to; at most 100, the others once these are filled.'),
};
const gap = {
  seq: z.int().describe('Of the newest fix.'),
  at: z.int().describe('Its time by the device, milliseconds since 1970.'),
  prov: z.boolean().describe('Fixes before it are missing.'),
  state: liveState,
  clock: seconds.describe('Seconds since the start line; null before it.'),
  ghosts: z.array(gapToGhost),
  rivals: z.array(gapToRival).describe('Of a group race: the nearest ten of the others.'),
};
const mark = z.strictObject({ code: z.enum(MARK_CODES), weight: z.enum(MARK_WEIGHTS), detail: z.string() });
const result = {
  ghostId: z.uuid(),
  official: z.boolean().describe('False: what was seen live, until the official one comes.'),
  v: z.int().describe('Version of an official result; 0 of a provisional one.'),
  status: z.enum([...RESULT_STATUSES, 'unknown']),
  gap: seconds.describe('At the line.'),
  bar: seconds.describe('It lies within so many seconds to both sides.'),
  close: z.boolean().describe('Smaller than what can be told.'),
  avg: seconds,
  min: seconds,
  max: seconds,
  userS: seconds,
  ghostS: seconds,
  completion: z.number().describe('0 to 1.'),
  marks: z.array(mark),
};
const position = {
  who: number,
  name: z.string().nullable(),
  state: liveState,
  along: z.number().nullable(),
  clock: seconds,
  gap: seconds.describe('To the first ghost.'),
  lat: z.number(),
  lon: z.number(),
  at: z.int().describe('By the device, milliseconds since 1970.'),
};
const standing = z.strictObject({
  who: number,
  name: z.string().nullable(),
  state: z.enum(PARTICIPANT_STATES),
  place: z.int().nullable(),
  timeS: seconds,
  behindS: seconds,
});

export const RACE_FRAMES = defineFrames({
  path: '/ws/running',
  title: 'Live runs and races',
  description:
    'Fixes of runs as they are recorded, and races against ghosts and each other. Fixes are stored at least once and acknowledged by their ' +
    'numbers; a client sends again what was not, here or by REST, in any order. After a break `race.join` goes on where the race is.',
  permission: 'running:own',
  messagesPerS: 10,
  messageBurst: 200,
  receives: [RACE_JOIN, FIX, PAUSE, RESUME, LAP, FINISH, WATCH_RACE, UNWATCH_RACE],
  sends: [
    sent(
      'ack',
      'What of a run is stored for good.',
      z.strictObject({
        runId: z.uuid(),
        ...ack,
        dup: z.int().describe('Of those stored now: how many were there already.'),
        conf: z.int().describe('Of these: how many said something else; the first one stays.'),
      }),
    ),
    sent(
      'lost',
      'Nothing more of this run can be stored: it was deleted, or what came cannot be kept.',
      z.strictObject({ runId: z.uuid(), reason: z.enum(['gone', 'refused']) }),
    ),
    sent(
      'gap',
      'Where the runner is against each ghost, after a fix.',
      z.strictObject({ runId: z.uuid(), ...gap }),
    ),
    sent(
      'state',
      'The race has another state.',
      z.strictObject({
        runId: z.uuid(),
        ghostIds: z.array(z.uuid()),
        from: liveState,
        to: liveState,
        reason: z.string(),
        at: z.int(),
      }),
    ),
    sent(
      'lead',
      'The runner has taken the lead, or lost it, for good by more than two seconds.',
      z.strictObject({ runId: z.uuid(), ghostId: z.uuid(), ahead: z.boolean(), s: z.number(), at: z.int() }),
    ),
    sent(
      'split',
      'A kilometre is over.',
      z.strictObject({
        runId: z.uuid(),
        ghostId: z.uuid(),
        n: z.int(),
        dist: z.number().describe('Where it ends, metres from the start line.'),
        s: z.number().describe('Seconds of the runner for it.'),
        ghostS: z.number(),
        diff: z.number(),
        cum: z.number().describe('The gap at its end.'),
      }),
    ),
    sent(
      'result',
      'How it ended against a ghost.',
      z.strictObject({ raceId: z.uuid(), runId: z.uuid(), ...result }),
    ),
    sent(
      'snapshot',
      'Answers `race.join` and `watch`: all that is known of the race at this moment.',
      z.strictObject({
        raceId: z.uuid(),
        mode: z.enum(RACE_MODES),
        clock: z.enum(RACE_CLOCKS),
        status: z.enum(RACE_STATUSES),
        you: number.nullable().describe('Null for somebody who watches only.'),
        runners: z.array(standing),
        positions: z.array(z.strictObject(position)),
        ghosts: z.array(
          z.strictObject({
            id: z.uuid(),
            name: z.string(),
            dist: seconds.describe('Metres; null = it is gone.'),
            s: seconds.describe('Seconds from line to line.'),
          }),
        ),
        run: z
          .strictObject({
            runId: z.uuid(),
            ...ack,
            gap: z.strictObject(gap).nullable(),
            results: z.array(z.strictObject(result)),
          })
          .nullable()
          .describe('The own run.'),
      }),
    ),
    sent(
      'pos',
      'Where a runner is, at most once a second.',
      z.strictObject({ raceId: z.uuid(), ...position }),
    ),
    sent(
      'standings',
      'Official places over the course.',
      z.strictObject({ raceId: z.uuid(), status: z.enum(RACE_STATUSES), runners: z.array(standing) }),
    ),
  ],
});
