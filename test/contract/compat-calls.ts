import { INGEST_TOKEN, type ServerProcess } from '../support/server-process.js';

/** Calls of the original's clients: the web page (W) and the packet reader (P). */

export const DATA = '/compat/dofus/api/data';
export const MARKET = '/compat/dofus/api/market_v2';
export const INGEST = '/compat/dofus/api/ingest';
export const USER = '/compat/dofus/api/user';
export const CRON = '/compat/dofus/api/cron/almanax';

export interface Answer {
  status: number;
  headers: Headers;
  // The contract is what is being checked, so the body is whatever came.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  body: any;
}

export interface Point {
  item_name: string;
  server: string;
  ankama_id?: number;
  price_unit_avg?: number;
  captured_at?: string;
  category?: string | null;
  [key: string]: unknown;
}

/** W sends both headers with every call, also with GET. */
const WEB_HEADERS = { Accept: 'application/json', 'Content-Type': 'application/json' };

/** @param query exactly as the client writes it, `resource=items&mode=market&server=Hell+Mina` */
export function getData(server: ServerProcess, query: string, headers: object = {}): Promise<Answer> {
  return call(server, `${DATA}?${query}`, { headers: { ...WEB_HEADERS, ...headers } });
}

/** @param query exactly as the client writes it, `resource=market&type=index&server=Hell+Mina&from=...` */
export function getMarket(server: ServerProcess, query: string, headers: object = {}): Promise<Answer> {
  return call(server, `${MARKET}?${query}`, { headers: { ...WEB_HEADERS, ...headers } });
}

/** A write of W's: JSON in, its token on every call. */
export function send(
  server: ServerProcess,
  method: string,
  path: string,
  body?: unknown,
  headers: object = { Authorization: `Bearer ${INGEST_TOKEN}` },
): Promise<Answer> {
  return call(server, path, {
    method,
    headers: { ...WEB_HEADERS, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** P's upload: the whole queue as one array. */
export function upload(server: ServerProcess, points: unknown, headers: object = {}): Promise<Answer> {
  return call(server, INGEST, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${INGEST_TOKEN}`, ...headers },
    body: typeof points === 'string' ? points : JSON.stringify(points),
  });
}

export async function call(server: ServerProcess, path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(server.url + path, init);
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : JSON.parse(text),
  };
}

/** An observation as P builds it; its Python writes microseconds and `Z`. */
export function point(given: Point): Point {
  return {
    captured_at: minutesAgo(60),
    price_unit_avg: 100,
    nb_lots: 4,
    source_client: 'dofus-tracker-client-v3',
    client_version: '3.1.4',
    raw_item_name: given.item_name,
    ...given,
  };
}

export function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString().replace('Z', '456Z');
}
