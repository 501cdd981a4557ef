import type { ServerResponse } from 'node:http';

// How Google's sheets, and what stands in front of them, fail. A fault is asked for by route and for so many calls; then the stand-in is well.

export type SheetsRoute = 'token' | 'list' | 'values' | 'export';

export type SheetsFault =
  | 'rate-limit' // 429, with Retry-After where that is given
  | 'forbidden' // 403
  | 'unauthorized' // 401: the token was revoked
  | 'not-found' // 404
  | 'error' // 500
  | 'login-page' // 200 with the HTML of a sign-in
  | 'cut' // the connection is cut in the middle of the body
  | 'open-quote' // CSV that ends inside of a cell, JSON that ends too early; of the right length
  | 'huge' // more than anybody reads
  | 'hang' // no answer
  | 'slow'; // the right answer, late

export interface FaultGiven {
  readonly route: SheetsRoute;
  readonly kind: SheetsFault;
  /** 1 unless said otherwise. */
  readonly count?: number;
  readonly retryAfterS?: number;
  /** Of `slow`. */
  readonly delayMs?: number;
}

export class SheetsFaults {
  private planned: { given: FaultGiven; left: number }[] = [];

  plan(given: FaultGiven): void {
    this.planned.push({ given, left: given.count ?? 1 });
  }

  /** Ends everything that is planned. */
  heal(): void {
    this.planned = [];
  }

  /** The fault of this call, and counts it. */
  take(route: SheetsRoute): FaultGiven | undefined {
    const next = this.planned.find(({ given, left }) => given.route === route && left > 0);
    if (next === undefined) return undefined;
    next.left -= 1;
    return next.given;
  }
}

const LOGIN_PAGE =
  '<!doctype html><html><head><title>Google Sheets: Sign-in</title></head><body>Sandbox</body></html>';
const HUGE_BYTES = 3_000_000;

/** Plays a fault that needs no right answer. @returns the status, 0 where the connection ends; undefined for other faults */
export function playSheetsFault(
  response: ServerResponse,
  { route, kind, retryAfterS }: FaultGiven,
  headers: Record<string, string>,
): number | undefined {
  const isCsv = route === 'export';
  const type = isCsv ? 'text/csv' : 'application/json; charset=UTF-8';
  const half = isCsv ? 'Weapon,Note\r\nJötunn,"track' : '{"values":[["Weapon","No';
  const end = (status: number, body: string, more: Record<string, string> = {}): number => {
    response.writeHead(status, { ...headers, 'content-type': type, ...more }).end(body);
    return status;
  };
  const refuse = (status: number, word: string, more: Record<string, string> = {}): number =>
    end(status, JSON.stringify({ error: { code: status, message: 'Sandbox refuses', status: word } }), more);
  switch (kind) {
    case 'rate-limit':
      return refuse(
        429,
        'RESOURCE_EXHAUSTED',
        retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) },
      );
    case 'forbidden':
      return refuse(403, 'PERMISSION_DENIED');
    case 'unauthorized':
      return refuse(401, 'UNAUTHENTICATED');
    case 'not-found':
      return refuse(404, 'NOT_FOUND');
    case 'error':
      return refuse(500, 'INTERNAL');
    case 'login-page':
      return end(200, LOGIN_PAGE, { 'content-type': 'text/html; charset=utf-8' });
    case 'open-quote':
      return end(200, half);
    case 'cut':
      response.writeHead(200, { ...headers, 'content-type': type, 'content-length': '500' });
      response.write(half, () => response.socket?.destroy());
      return 0;
    case 'huge':
      return end(200, `Weapon\r\n${'x'.repeat(HUGE_BYTES)}`);
    case 'hang':
      return 0;
    case 'slow':
      return undefined;
  }
}
