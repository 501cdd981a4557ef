import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiveSocket, type Wire } from './live-socket.js';
import { RealtimeFigures } from './realtime-figures.js';
import { Room } from './room.js';

interface Seen {
  event: string;
  data: { key?: string; value: number };
  id: string;
}

/** A client that keeps what it is sent. */
function client() {
  const seen: Seen[] = [];
  const wire: Wire = {
    queuedBytes: 0,
    isOpen: true,
    write: (bytes) => seen.push(...framesOf(bytes)),
    ping: () => undefined,
    close: () => undefined,
    terminate: () => undefined,
    onceDrained: () => undefined,
  };
  return { seen, socket: new LiveSocket('s', { id: 'u' } as never, '/ws/x', wire, new RealtimeFigures()) };
}

/** Text frames of a server (RFC 6455, 5.2). */
function framesOf(bytes: Uint8Array): Seen[] {
  const found: Seen[] = [];
  for (let rest = Buffer.from(bytes); rest.length > 0;) {
    const short = rest[1]!;
    const [start, length] = short < 126 ? [2, short] : [4, rest.readUInt16BE(2)];
    found.push(JSON.parse(rest.subarray(start, start + length).toString()) as Seen);
    rest = rest.subarray(start + length);
  }
  return found;
}

type Step = { is: 'event'; value: number } | { is: 'state'; key: string; value: number } | { is: 'flush' };
const steps = fc.array(
  fc.oneof(
    fc.record({ is: fc.constant('event' as const), value: fc.nat() }),
    fc.record({ is: fc.constant('state' as const), key: fc.constantFrom('a', 'b', 'c'), value: fc.nat() }),
    fc.constant<Step>({ is: 'flush' }),
  ),
  { maxLength: 30 },
);

function walk(room: Room, step: Step): void {
  if (step.is === 'event') {
    room.flush();
    room.publish('event', JSON.stringify({ value: step.value }));
  } else if (step.is === 'state') room.stage(step.key, 'state', { key: step.key, value: step.value });
  else room.flush();
}

/** What a client shows: all events, and the newest of each state. */
function shown(seen: readonly Seen[]) {
  return {
    events: seen.filter(({ event }) => event === 'event').map(({ data }) => data.value),
    states: Object.fromEntries(
      seen.filter(({ event }) => event === 'state').map(({ data }) => [data.key!, data.value]),
    ),
  };
}

describe('a room', () => {
  it('brings whoever comes back from any place to what those see who stayed', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (history, cut) => {
        const room = new Room('race:1', 'e');
        const stayed = client();
        room.add(stayed.socket);
        for (const step of history) walk(room, step);
        room.flush();
        const at = stayed.seen.length === 0 ? 0 : cut % (stayed.seen.length + 1);
        const before = stayed.seen.slice(0, at);
        const missed = room.missedSince(before.at(-1)?.id ?? 'e:0');
        const after = framesOf(Buffer.concat(missed!));
        expect(shown([...before, ...after])).toEqual(shown(stayed.seen));
        expect(after.length).toBeLessThanOrEqual(stayed.seen.length - at);
      }),
    );
  });

  it('numbers what it tells without a gap or a step back', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const room = new Room('race:1', 'e');
        const one = client();
        room.add(one.socket);
        for (const step of history) walk(room, step);
        expect(one.seen.map(({ id }) => id)).toEqual(one.seen.map((_seen, index) => `e:${index + 1}`));
      }),
    );
  });

  it('tells whoever waits for a snapshot what has happened since it was asked for, after it', () => {
    const room = new Room('race:1', 'e');
    const one = client();
    room.publish('event', '{"value":1}');
    const waiting = room.addWaiting(one.socket);
    room.publish('event', '{"value":2}');
    room.welcome(waiting, 'snapshot', { value: 0 });
    room.publish('event', '{"value":3}');
    expect(one.seen.map(({ event, data, id }) => [event, data.value, id])).toEqual([
      ['snapshot', 0, 'e:1'],
      ['event', 2, 'e:2'],
      ['event', 3, 'e:3'],
    ]);
  });

  it('does not pretend to know what it has forgotten, what is not yet, or what is another room', () => {
    const room = new Room('race:1', 'e');
    for (let value = 0; value < 600; value += 1) room.publish('event', JSON.stringify({ value }));
    expect(room.missedSince('e:50')).toBeUndefined();
    expect(room.missedSince('e:88')?.length).toBe(512);
    expect(room.missedSince('e:600')).toEqual([]);
    for (const place of ['e:601', 'f:600', 'e:x', '', 'e', ':600', 'e:-1', 'e:1.5'])
      expect(room.missedSince(place)).toBeUndefined();
    room.loseThePast();
    expect(room.missedSince('e:600')).toBeUndefined();
  });
});
