import { Readable } from 'node:stream';
import type { Observable } from 'rxjs';
import type { JobRow } from '../jobs/jobs.repository.js';
import { toJobDto } from './jobs.mapper.js';

// Server-Sent Events as a stream of text. Nest's own @Sse answers 200 before its handler has looked whether there is such
// a job and whether the caller may have another stream, as soon as an interceptor stands in front of it.

/** Proxies and phones drop connections on which nothing moves; half a minute is the shortest that is common. */
const KEEP_ALIVE_MS = 15_000;
const COMMENT = ': still here\n\n';

/**
 * Each change as an event whose id is the job's version, and a comment now and then. A client that does not read is not
 * written to: it gets the newest state when it reads again.
 */
export function eventStream(changes: Observable<JobRow>, keepAliveMs = KEEP_ALIVE_MS): Readable {
  let isFull = false;
  let held: JobRow | undefined;
  const send = (text: string): void => void (isFull = !stream.push(text));
  const flush = (): void => {
    if (held === undefined) return;
    const job = held;
    held = undefined;
    send(toText(job));
  };
  const stream = new Readable({
    read() {
      isFull = false;
      flush();
    },
    destroy(error, done) {
      clearInterval(timer);
      listening.unsubscribe();
      done(error);
    },
  });
  const timer = setInterval(() => {
    if (!isFull) send(COMMENT);
  }, keepAliveMs);
  send(COMMENT); // the head leaves with the first text
  const listening = changes.subscribe({
    next: (job) => {
      held = job;
      if (!isFull) flush();
    },
    error: (error: Error) => stream.destroy(error),
    complete: () => {
      clearInterval(timer);
      flush();
      stream.push(null);
    },
  });
  return stream;
}

function toText(job: JobRow): string {
  return `event: job\nid: ${job.version}\ndata: ${JSON.stringify(toJobDto(job))}\n\n`;
}
