import { z } from 'zod';
import { defineFrames, received, sent } from '../../platform/realtime/frames.js';

const MAX_ITEMS = 500;
const MAX_INT4 = 2_147_483_647;
const key = z.string().min(1).max(100);
const place = {
  game: key.describe('Key of the game, such as `dofus`.'),
  server: key.describe('Key of the server, such as `draconiros`.'),
};
const version = z.int().min(0).describe('Of the prices of the server; grows with every change.');

export const WATCH = received(
  'watch',
  'Tells the prices of a server from now on. Another watch of the same server takes the place of the one before.',
  z.strictObject({
    ...place,
    items: z
      .array(z.int().min(1).max(MAX_INT4))
      .min(1)
      .max(MAX_ITEMS)
      .optional()
      .describe('Only these items; all of the server without.'),
    version: version
      .optional()
      .describe(
        'The newest one that the client knows: it gets what has changed since, or a `snapshot` where that cannot be said. ' +
          '0 for a snapshot; without, only what comes.',
      ),
  }),
  { answer: 'watching' },
);

export const UNWATCH = received('unwatch', 'No more prices of this server.', z.strictObject(place));

const prices = z.strictObject({
  ...place,
  version,
  isLast: z.boolean().describe('False: more frames of the same version follow.'),
  prices: z.array(
    z.strictObject({
      itemId: z.int(),
      unitPrice: z.number().nullable().describe('In the currency of the game; null: there is none any more.'),
      previousUnitPrice: z
        .number()
        .nullable()
        .describe('The one shown before; null where there was none, or where nobody watched.'),
      capturedAt: z.iso.datetime(),
      lots: z.int().describe('Size of the lot that the price was seen for.'),
    }),
  ),
});

export const MARKET_FRAMES = defineFrames({
  path: '/ws/market',
  title: 'Live prices',
  description:
    'Prices of servers as they change, by server and item. A client that comes back says the version it has seen. One that reads slowly ' +
    'is told the newest prices only.',
  permission: 'market:read',
  receives: [WATCH, UNWATCH],
  sends: [
    sent(
      'watching',
      'Answers `watch`: prices as of this version are what the REST API shows, and everything after it is told here.',
      z.strictObject({ ...place, version }),
    ),
    sent('price', 'Prices that have changed, at most 500 in a frame.', prices),
    sent('snapshot', 'All prices there are of what is watched, at most 500 in a frame.', prices),
  ],
});
