import { get, type IncomingMessage } from 'node:http';
import { waitUntil } from './wait-until.js';

/** One event as a client of Server-Sent Events sees it. */
export interface SeenEvent {
  event: string;
  /** The client's place after it: the last id that was sent. */
  id: string;
  data: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- its shape is what tests assert
}

/** A client of a stream, as the specification of Server-Sent Events has it: it keeps its place, also by ids without events. */
export class EventClient {
  readonly events: SeenEvent[] = [];
  lastEventId = '';
  isOver = false;
  private rest = '';

  private constructor(private readonly response: IncomingMessage) {
    response.setEncoding('utf8').on('error', () => undefined);
    response.on('data', (text: string) => this.take(text));
    response.on('close', () => (this.isOver = true));
  }

  /** @throws with the answer when it is no stream */
  static open(url: string, token: string, lastEventId?: string): Promise<EventClient> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    };
    return new Promise((resolve, reject) => {
      get(url, { headers, agent: false }, (response) => {
        if (response.statusCode === 200) resolve(new EventClient(response));
        else reject(new Error(`${url} answers ${response.statusCode}`));
      }).on('error', reject);
    });
  }

  /** The first event that fits, among those that came and those that come. */
  next(what: string, fits: (event: SeenEvent) => boolean): Promise<SeenEvent> {
    return waitUntil(what, 20_000, () => this.events.find(fits));
  }

  close(): void {
    this.response.destroy();
  }

  private take(text: string): void {
    const blocks = (this.rest + text).split('\n\n');
    this.rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string | undefined =>
        block
          .split('\n')
          .find((line) => line.startsWith(`${name}: `))
          ?.slice(name.length + 2);
      this.lastEventId = field('id') ?? this.lastEventId;
      const data = field('data');
      if (data !== undefined)
        this.events.push({
          event: field('event') ?? 'message',
          id: this.lastEventId,
          data: JSON.parse(data),
        });
    }
  }
}
