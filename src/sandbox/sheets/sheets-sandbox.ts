import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, verify } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type FaultGiven,
  playSheetsFault,
  type SheetsFault,
  SheetsFaults,
  type SheetsRoute,
} from './sheets-faults.js';
import { openLoopbackServer } from '../loopback-server.js';

// Google Sheets on loopback, for the demo, tests and benchmarks: the token endpoint of service accounts, spreadsheets.get and values.get of the
// API v4, and the CSV export of public sheets, which is answered by way of a redirect as Google does it.

export const SANDBOX_HEADER = 'x-guildhall-sandbox';

export interface SandboxTab {
  readonly gid: number;
  /** Cells as Google formats them. */
  readonly rows: readonly (readonly string[])[];
  readonly isHidden?: boolean;
}

export interface SandboxSheet {
  /** Anybody may export it; others are read by the service account alone. */
  readonly isPublic: boolean;
  /** By title, in their order; may change while the stand-in runs. */
  readonly tabs: Record<string, SandboxTab>;
}

export interface SheetsJournalEntry {
  readonly route: SheetsRoute | null;
  readonly path: string;
  /** 0 where the connection was cut or nothing came. */
  readonly status: number;
  /** That was played; null = it was answered as it should be. */
  readonly fault: SheetsFault | null;
}

/** The JSON key of the one service account that it knows. */
export interface SandboxAccountKey {
  readonly type: 'service_account';
  readonly client_email: string;
  readonly private_key: string;
  readonly private_key_id: string;
  readonly token_uri: string;
}

export interface SheetsSandbox {
  /** Of API and export alike. */
  readonly url: string;
  readonly accountKey: SandboxAccountKey;
  readonly journal: SheetsJournalEntry[];
  readonly sheets: Record<string, SandboxSheet>;
  fail(fault: FaultGiven): void;
  heal(): void;
  /** No token that was given out is taken any more. */
  revokeTokens(): void;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

const CLIENT_EMAIL = 'reader@sandbox.iam.gserviceaccount.com';
/** What Google's library signs for, whatever address it sends to. */
const AUDIENCE = 'https://oauth2.googleapis.com/token';
const SCOPE = 'https://www.googleapis.com/auth/spreadsheets.readonly';
const MOST_BODY_BYTES = 65_536;

/** @param options.port 0 takes a free one */
export async function openSheetsSandbox(options: {
  readonly sheets: Record<string, SandboxSheet>;
  readonly port?: number;
}): Promise<SheetsSandbox> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const played = new PlayedSheets(options.sheets, createPublicKey(publicKey));
  const server = await openLoopbackServer(options.port, (request, response) =>
    played.handle(request, response),
  );
  const { url } = server;
  return {
    url,
    accountKey: {
      type: 'service_account',
      client_email: CLIENT_EMAIL,
      private_key: privateKey,
      private_key_id: 'sandbox-1',
      token_uri: `${url}/token`,
    },
    journal: played.journal,
    sheets: options.sheets,
    fail: (fault) => played.faults.plan(fault),
    heal: () => played.faults.heal(),
    revokeTokens: () => played.tokens.clear(),
    close: () => server.close(),
  };
}

class PlayedSheets {
  readonly journal: SheetsJournalEntry[] = [];
  readonly faults = new SheetsFaults();
  readonly tokens = new Set<string>();

  constructor(
    private readonly sheets: Record<string, SandboxSheet>,
    private readonly publicKey: KeyObject,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = { [SANDBOX_HEADER]: 'sheets' };
    const url = new URL(request.url ?? '/', 'http://sandbox');
    const [route, answer] = this.routeOf(request, url);
    const fault = route === null ? undefined : this.faults.take(route);
    const write = (status: number): void =>
      void this.journal.push({ route, path: url.pathname + url.search, status, fault: fault?.kind ?? null });
    const status = fault && playSheetsFault(response, fault, headers);
    if (status !== undefined) {
      write(status);
      return;
    }
    if (fault?.kind === 'slow') await sleep(fault.delayMs ?? 1_000);
    const reply = await answer();
    if (response.destroyed) return;
    write(reply.status);
    response.writeHead(reply.status, {
      ...headers,
      'content-type': 'application/json; charset=UTF-8',
      ...reply.headers,
    });
    response.end(reply.body);
  }

  private routeOf(request: IncomingMessage, url: URL): [SheetsRoute | null, () => Reply | Promise<Reply>] {
    const { pathname } = url;
    const isGet = request.method === 'GET';
    if (request.method === 'POST' && pathname === '/token') return ['token', () => this.token(request)];
    const { authorization } = request.headers;
    const values = /^\/v4\/spreadsheets\/([^/]+)\/values\/([^/]+)$/.exec(pathname);
    if (isGet && values)
      return ['values', () => this.values(values[1]!, decodeURIComponent(values[2]!), authorization)];
    const list = /^\/v4\/spreadsheets\/([^/]+)$/.exec(pathname);
    if (isGet && list) return ['list', () => this.list(list[1]!, authorization)];
    const exported = /^\/spreadsheets\/d\/([^/]+)\/export$/.exec(pathname);
    if (isGet && exported) return [null, () => redirected(exported[1]!, url)];
    const file = /^\/export\/([^/]+)\/(\d+)$/.exec(pathname);
    if (isGet && file) return ['export', () => this.csv(file[1]!, Number(file[2]))];
    return [null, () => refusal(404, 'NOT_FOUND')];
  }

  private async token(request: IncomingMessage): Promise<Reply> {
    const form = new URLSearchParams(await readBody(request));
    const isRight =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
      this.isSignedRightly(form.get('assertion') ?? '');
    if (!isRight) {
      const body = { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' };
      return { status: 400, body: JSON.stringify(body) };
    }
    const token = `ya29.sandbox-${randomUUID()}`;
    this.tokens.add(token);
    return {
      status: 200,
      body: JSON.stringify({ access_token: token, expires_in: 3_599, token_type: 'Bearer' }),
    };
  }

  private isSignedRightly(assertion: string): boolean {
    const [header = '', payload = '', signature = ''] = assertion.split('.');
    try {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
      const signed = Buffer.from(`${header}.${payload}`);
      const [iat, exp, nowS] = [Number(claims['iat']), Number(claims['exp']), Date.now() / 1_000];
      return (
        verify('sha256', signed, this.publicKey, Buffer.from(signature, 'base64url')) &&
        claims['iss'] === CLIENT_EMAIL &&
        claims['aud'] === AUDIENCE &&
        claims['scope'] === SCOPE &&
        exp > nowS &&
        exp - iat <= 3_600
      );
    } catch {
      return false;
    }
  }

  private list(id: string, authorization: string | undefined): Reply {
    const refused = this.refused(id, authorization);
    if (refused) return refused;
    const sheets = Object.entries(this.sheets[id]!.tabs).map(([title, { gid, isHidden }], index) => ({
      properties: {
        sheetId: gid,
        title,
        index,
        sheetType: 'GRID',
        ...(isHidden === true ? { hidden: true } : {}),
      },
    }));
    return { status: 200, body: JSON.stringify({ sheets }) };
  }

  /** A range is `'title'!A1:CW5001`; rows come without empty cells at their ends, as Google sends them. */
  private values(id: string, range: string, authorization: string | undefined): Reply {
    const refused = this.refused(id, authorization);
    if (refused) return refused;
    const quoted = /^'((?:[^']|'')*)'!A1:([A-Z]{1,3})(\d+)$/.exec(range);
    const tab = this.sheets[id]!.tabs[quoted?.[1]?.replaceAll("''", "'") ?? ''];
    if (quoted === null || tab === undefined) return refusal(400, 'INVALID_ARGUMENT');
    const columns = [...quoted[2]!].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    const values = tab.rows.slice(0, Number(quoted[3])).map((row) => row.slice(0, columns));
    return { status: 200, body: JSON.stringify({ range, majorDimension: 'ROWS', values }) };
  }

  private csv(id: string, gid: number): Reply {
    const sheet = this.sheets[id];
    const tab = Object.values(sheet?.tabs ?? {}).find((one) => one.gid === gid);
    if (sheet === undefined || tab === undefined) return refusal(404, 'NOT_FOUND');
    if (!sheet.isPublic)
      return {
        status: 200,
        body: '<!doctype html><title>Google Sheets: Sign-in</title>',
        headers: { 'content-type': 'text/html; charset=utf-8' },
      };
    const width = Math.max(0, ...tab.rows.map((row) => row.length));
    const lines = tab.rows.map((row) =>
      Array.from({ length: width }, (_cell, index) => csvCell(row[index] ?? '')).join(','),
    );
    return { status: 200, body: lines.join('\r\n'), headers: { 'content-type': 'text/csv' } };
  }

  private refused(id: string, authorization: string | undefined): Reply | undefined {
    if (!this.tokens.has(authorization?.replace(/^Bearer /, '') ?? ''))
      return refusal(401, 'UNAUTHENTICATED');
    return this.sheets[id] === undefined ? refusal(404, 'NOT_FOUND') : undefined;
  }
}

function redirected(id: string, { searchParams }: URL): Reply {
  if (searchParams.get('format') !== 'csv') return refusal(400, 'INVALID_ARGUMENT');
  return { status: 307, body: '', headers: { location: `/export/${id}/${searchParams.get('gid') ?? '0'}` } };
}

function refusal(status: number, word: string): Reply {
  return { status, body: JSON.stringify({ error: { code: status, message: 'Sandbox', status: word } }) };
}

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MOST_BODY_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
