import { OBSERVATIONS_PATH } from './api-client.js';
import { RawConnection } from './raw-socket.js';
import { INGEST_TOKEN } from './server-process.js';

export type StalledKind =
  /** Connects and says nothing. */
  | 'silent'
  /** Stops in the middle of its headers. */
  | 'headers'
  /** Sends another header every now and then, for ever. */
  | 'drippingHeaders'
  /** Stops in the middle of its body. */
  | 'body'
  /** Sends another byte of its body every now and then. */
  | 'drippingBody'
  /** Announces gigabytes and sends one byte. */
  | 'announced';

/** Request line and headers of an authorised request, as text. */
export function requestHead(
  method: string,
  path: string,
  headers: Record<string, string | number> = {},
): string {
  return [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    `Authorization: Bearer ${INGEST_TOKEN}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ].join('\r\n');
}

export const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Clients that never finish what they began: one of each kind, and a crowd that stopped in its body. */
export class StalledClients {
  readonly crowd: RawConnection[] = [];
  private readonly kinds = new Map<StalledKind, RawConnection>();
  private readonly dripper: NodeJS.Timeout;

  private constructor(base: string) {
    for (const kind of ['silent', 'headers', 'drippingHeaders', 'body', 'drippingBody', 'announced'] as const)
      this.kinds.set(kind, new RawConnection(base));
    this.dripper = setInterval(() => {
      void this.of('drippingHeaders').write('X-Drip: 1\r\n');
      void this.of('drippingBody').write(' ');
    }, 200);
  }

  static async open(base: string, crowdSize: number): Promise<StalledClients> {
    const clients = new StalledClients(base);
    const post = (headers: Record<string, string | number>): string =>
      requestHead('POST', OBSERVATIONS_PATH, { ...JSON_TYPE, ...headers });
    await clients.of('headers').write('GET /health HTTP/1.1\r\nHost: x\r\nX-Half: ');
    await clients.of('drippingHeaders').write('GET /health HTTP/1.1\r\nHost: x\r\n');
    await clients.of('body').write(`${post({ 'Content-Length': 100 })}[{"na`);
    await clients.of('drippingBody').write(post({ 'Content-Length': 900_000 }));
    await clients.of('announced').write(`${post({ 'Content-Length': 5_000_000_000 })}[`);
    for (let index = 0; index < crowdSize; index += 1) {
      const connection = new RawConnection(base);
      clients.crowd.push(connection);
      await connection.write(`${post({ 'Transfer-Encoding': 'chunked' })}5\r\n[    \r\n`);
    }
    return clients;
  }

  of(kind: StalledKind): RawConnection {
    return this.kinds.get(kind)!;
  }

  close(): void {
    clearInterval(this.dripper);
    for (const connection of [...this.crowd, ...this.kinds.values()]) connection.destroy();
  }
}
