import { describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Subject } from 'rxjs';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { JobRow } from '../jobs/jobs.repository.js';
import { eventStream } from './job-events.js';

function jobAt(version: number, note = ''): JobRow {
  const none = { error: null, startedAt: null, finishedAt: null };
  const when = { createdAt: new Date(0), runAt: new Date(0) };
  const who = { id: 'job', userId: 'user', name: 'trial.work', queue: 'trial' };
  const progress = { done: 1, total: null, note };
  return {
    ...none,
    ...when,
    ...who,
    progress,
    state: 'open',
    isCancelRequested: false,
    attempts: 0,
    version,
  };
}

const idsOf = (text: string): string[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => id!);

function collect(stream: Readable): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  return () => text;
}

describe('the events of a job', () => {
  it('carry its version, and comments come in between until the end', async () => {
    const changes = new Subject<JobRow>();
    const stream = eventStream(changes, 10);
    const text = collect(stream);
    changes.next(jobAt(3));
    const commentsOf = (): number => text().split(': still here').length - 1;
    await waitUntil('comments have come', 5_000, () => commentsOf() > 2);
    changes.next(jobAt(4));
    changes.complete();
    await once(stream, 'end');
    expect(idsOf(text())).toEqual(['3', '4']);
    expect(text()).toMatch(/\n\nevent: job\nid: 3\ndata: \{"id":"job",.*\}\n\n/);
    const count = commentsOf();
    await sleep(40);
    expect(commentsOf()).toBe(count);
  });

  it('end with whoever listens, and with an error', async () => {
    const changes = new Subject<JobRow>();
    const stream = eventStream(changes, 10);
    expect(changes.observed).toBe(true);
    stream.destroy();
    await once(stream, 'close');
    expect(changes.observed).toBe(false);
    const failing = eventStream(changes, 10);
    const failed = once(failing, 'error');
    changes.error(new Error('away'));
    expect(await failed).toEqual([new Error('away')]);
  });

  it('do not pile up for a client that does not read; it gets the newest, and the end', async () => {
    const changes = new Subject<JobRow>();
    const stream = eventStream(changes, 60_000);
    const last = 5_000;
    for (let version = 1; version <= last; version += 1) changes.next(jobAt(version, 'x'.repeat(1_000)));
    expect(stream.readableLength).toBeLessThan(200_000);
    changes.complete();
    const text = collect(stream);
    await once(stream, 'end');
    const ids = idsOf(text()).map(Number);
    expect(ids.at(-1)).toBe(last);
    expect(ids.length).toBeLessThan(200);
  });
});
