import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LiveSocket, type Wire } from './live-socket.js';
import { RealtimeFigures } from './realtime-figures.js';

const LIMITS = { conflateAboveBytes: 200, mostQueuedBytes: 2_000, mostQueuedMs: 30_000 };

/** A connection that is read when the test says so. */
class SlowWire implements Wire {
  queuedBytes = 0;
  most = 0;
  isOpen = true;
  closed: number | undefined;
  readonly read: string[] = [];
  private queue: string[] = [];
  private drained: (() => void) | undefined;

  write(bytes: Uint8Array): void {
    this.queue.push(Buffer.from(bytes).toString('latin1'));
    this.queuedBytes += bytes.length;
    this.most = Math.max(this.most, this.queuedBytes);
  }
  ping(): void {}
  close(code: number): void {
    this.closed = code;
  }
  terminate(): void {}
  onceDrained(listener: () => void): void {
    this.drained = listener;
  }
  readAll(): void {
    this.read.push(...this.queue);
    this.queue = [];
    this.queuedBytes = 0;
    const { drained } = this;
    this.drained = undefined;
    drained?.();
    if (this.queue.length > 0) this.readAll();
  }
}

function open() {
  const wire = new SlowWire();
  const figures = new RealtimeFigures();
  return { wire, figures, socket: new LiveSocket('s', { id: 'u' } as never, '/ws/x', wire, figures, LIMITS) };
}

const steps = fc.array(
  fc.oneof(
    fc.record({ is: fc.constant('must' as const), value: fc.nat() }),
    fc.record({ is: fc.constant('latest' as const), key: fc.constantFrom('a', 'b'), value: fc.nat() }),
    fc.constant({ is: 'read' as const }),
  ),
  { maxLength: 60 },
);

describe('a socket', () => {
  it('drops nothing that must arrive and ends at the newest of each key, however slowly it is read', () => {
    fc.assert(
      fc.property(steps, (history) => {
        const { wire, socket } = open();
        const must: number[] = [];
        const latest = new Map<string, number>();
        for (const step of history) {
          if (step.is === 'read') wire.readAll();
          else if (step.is === 'must') {
            if (socket.isOpen) must.push(step.value);
            socket.send('must', { must: step.value });
          } else {
            if (socket.isOpen) latest.set(step.key, step.value);
            socket.sendLatest(step.key, 'latest', { [step.key]: step.value });
          }
        }
        expect(wire.most).toBeLessThan(LIMITS.mostQueuedBytes + 100);
        if (!socket.isOpen) {
          expect(wire.closed).toBe(1013);
          return;
        }
        wire.readAll();
        const text = wire.read.join('');
        expect([...text.matchAll(/"must":(\d+)/g)].map(([, value]) => Number(value))).toEqual(must);
        for (const [key, value] of latest)
          expect(
            [...text.matchAll(new RegExp(`"${key}":(\\d+)`, 'g'))].map(([, told]) => Number(told)).at(-1),
          ).toBe(value);
      }),
    );
  });

  it('counts the states that gave way, and asks once for what is made when it is read', () => {
    const { wire, figures, socket } = open();
    socket.send('long', { text: 'x'.repeat(250) });
    expect(socket.isSlow).toBe(true);
    for (let value = 0; value < 5; value += 1) socket.sendLatest('k', 'state', { value });
    let made = 0;
    for (let time = 0; time < 3; time += 1)
      socket.sendWhenRead('prices', () => {
        made += 1;
        return [Buffer.from('made')];
      });
    expect([figures.conflated, made]).toEqual([4 + 2, 0]);
    wire.readAll();
    expect(made).toBe(1);
    expect(wire.read.join('')).toContain('"value":4');
    expect(wire.read.join('')).not.toContain('"value":3');
    expect(socket.isSlow).toBe(false);
  });

  it('is stuck when it has not read up for half a minute', () => {
    const { wire, socket } = open();
    socket.send('long', { text: 'x'.repeat(250) });
    const nowMs = performance.now();
    expect([socket.isStuck(nowMs + 29_000), socket.isStuck(nowMs + 31_000)]).toEqual([false, true]);
    wire.readAll();
    expect(socket.isStuck(nowMs + 31_000)).toBe(false);
  });

  it('tells once that it is gone, also whoever asks later, and sends nothing then', () => {
    const { wire, socket } = open();
    let told = 0;
    socket.onClose(() => (told += 1));
    socket.noteGone();
    socket.noteGone();
    socket.onClose(() => (told += 1));
    socket.send('late', {});
    expect([told, wire.queuedBytes]).toEqual([2, 0]);
  });
});
