import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import {
  OAUTH_FAULTS,
  OAUTH_ROUTES,
  type OauthFault,
  type OauthRoute,
  type PlannedFault,
  playFault,
} from './oauth-faults.js';
import { GrantError, type IssuedTokens, type OauthClient, OauthGrants } from './oauth-grants.js';
import { OauthKeys } from './oauth-keys.js';
import { openLoopbackServer } from '../loopback-server.js';

// A stand-in for OAuth 2 and OpenID Connect providers, on loopback, for the demo and for tests. It consents at once in the name of
// the user that `login_hint` names; what a real user may do differently is asked for by parameters of the authorization request:
// `sandbox_deny=1` says no, `sandbox_scope=...` grants less. POST /sandbox/faults makes it fail, GET /sandbox/calls says what it has
// answered.

export const SANDBOX_HEADER = 'x-guildhall-sandbox';

export interface OauthSandboxOptions {
  /** 0 takes a free one. */
  readonly port?: number;
  readonly clients: readonly OauthClient[];
  readonly accessTokenS?: number;
  /** False: one refresh token for the life of the grant, as some providers have it. */
  readonly isRotating?: boolean;
  /** Confidential clients must use PKCE too. */
  readonly isPkceRequired?: boolean;
  readonly nowMs?: () => number;
  /** What this provider adds to token answers, such as the id of an athlete. */
  readonly tokenExtras?: (sub: string) => Record<string, unknown>;
}

export interface SandboxCall {
  readonly route: string;
  readonly status: number;
}

export interface OauthSandbox {
  /** Issuer and base of all addresses. */
  readonly url: string;
  /** Every answer so far; status 0 where the connection was cut. */
  readonly calls: readonly SandboxCall[];
  /** The next `count` calls of the route fail so. */
  fail(
    route: OauthRoute,
    kind: OauthFault,
    more?: { count?: number; retryAfterS?: number; delayMs?: number },
  ): void;
  rotateKeys(): Promise<string>;
  /** What the user does at the provider's own page. @returns grants that it ended */
  revokeAllOf(sub: string): number;
  close(): Promise<void>;
}

const FAULT_BODY = z.object({
  route: z.enum(OAUTH_ROUTES),
  kind: z.enum(OAUTH_FAULTS),
  count: z.number().int().min(1).max(1_000).optional(),
  retryAfterS: z.number().int().min(0).max(86_400).optional(),
  delayMs: z.number().int().min(0).max(60_000).optional(),
});
const MOST_BODY_BYTES = 65_536;
const ID_TOKEN_LIFETIME_S = 600;
const SCOPES = ['openid', 'profile', 'email', 'offline_access', 'read', 'write'];

interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

export async function openOauthSandbox(options: OauthSandboxOptions): Promise<OauthSandbox> {
  const keys = await OauthKeys.open();
  const provider = new OauthProvider(options, keys);
  const server = await openLoopbackServer(options.port, (request, response) =>
    provider.serve(request, response),
  );
  provider.url = server.url;
  return {
    url: provider.url,
    calls: provider.calls,
    fail: (route, kind, more = {}) => provider.plan({ route, kind, ...more }),
    rotateKeys: () => keys.rotate(),
    revokeAllOf: (sub) => provider.grants.revokeAllOf(sub),
    close: () => server.close(),
  };
}

class OauthProvider {
  url = '';
  readonly calls: SandboxCall[] = [];
  readonly grants: OauthGrants;
  private readonly faults: PlannedFault[] = [];
  private readonly nowMs: () => number;

  constructor(
    private readonly options: OauthSandboxOptions,
    private readonly keys: OauthKeys,
  ) {
    this.nowMs = options.nowMs ?? Date.now;
    this.grants = new OauthGrants(this.nowMs, options.accessTokenS ?? 3_600, options.isRotating ?? true);
  }

  plan(fault: z.infer<typeof FAULT_BODY>): void {
    const { route, kind, count = 1, retryAfterS = 1, delayMs = 1_000 } = fault;
    this.faults.push({ route, kind, count, retryAfterS, delayMs });
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const route = routeOf(url.pathname);
    const headers = { [SANDBOX_HEADER]: 'oauth', 'cache-control': 'no-store' };
    response.once('close', () => {
      const status = response.writableFinished ? response.statusCode : 0;
      this.calls.push({ route: route ?? url.pathname, status });
    });
    try {
      const body = await readBody(request);
      const fault = this.takeFault(route);
      if (fault !== undefined && fault.kind !== 'slow' && fault.kind !== 'lost') {
        playFault(response, fault, headers);
        return;
      }
      const reply = await this.answer(request, url, route, body);
      if (fault?.kind === 'lost') playFault(response, fault, headers);
      else setTimeout(() => send(response, reply, headers), fault?.kind === 'slow' ? fault.delayMs : 0);
    } catch {
      if (!response.headersSent) send(response, { status: 400, body: { error: 'invalid_request' } }, headers);
    }
  }

  private takeFault(route: OauthRoute | undefined): PlannedFault | undefined {
    const fault = this.faults.find((planned) => planned.route === route);
    if (fault === undefined) return undefined;
    fault.count -= 1;
    if (fault.count === 0) this.faults.splice(this.faults.indexOf(fault), 1);
    return fault;
  }

  private async answer(
    { method = 'GET', headers }: IncomingMessage,
    url: URL,
    route: OauthRoute | undefined,
    body: string,
  ): Promise<Reply> {
    if (url.pathname === '/sandbox/faults' && method === 'POST') {
      this.plan(FAULT_BODY.parse(JSON.parse(body)));
      return { status: 204 };
    }
    if (url.pathname === '/sandbox/calls') return { status: 200, body: this.calls };
    switch (route) {
      case 'discovery':
        return { status: 200, body: this.discovery() };
      case 'jwks':
        return { status: 200, body: this.keys.jwks() };
      case 'authorize':
        return this.authorize(url.searchParams);
      case 'token':
        return method === 'POST'
          ? await this.token(new URLSearchParams(body), headers.authorization)
          : NOT_ALLOWED;
      case 'revoke':
        return method === 'POST'
          ? this.revoke(new URLSearchParams(body), headers.authorization)
          : NOT_ALLOWED;
      case 'userinfo':
        return this.userinfo(headers.authorization);
      case undefined:
        return { status: 404, body: { error: 'not_found' } };
    }
  }

  private discovery(): object {
    return {
      issuer: this.url,
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      revocation_endpoint: `${this.url}/revoke`,
      userinfo_endpoint: `${this.url}/userinfo`,
      jwks_uri: `${this.url}/jwks`,
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      revocation_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
      code_challenge_methods_supported: ['S256'],
      scopes_supported: SCOPES,
      claims_supported: ['sub', 'name', 'email', 'email_verified'],
      authorization_response_iss_parameter_supported: true,
    };
  }

  /** Errors of client or redirect_uri are shown here, never sent to an address that nobody has vouched for. */
  private authorize(query: URLSearchParams): Reply {
    const client = this.options.clients.find(({ id }) => id === query.get('client_id'));
    const redirectUri = query.get('redirect_uri') ?? '';
    if (!client) return { status: 400, body: { error: 'invalid_client' } };
    const isKnown = client.redirectUris.length === 0 || client.redirectUris.includes(redirectUri);
    if (!isKnown || !URL.canParse(redirectUri))
      return { status: 400, body: { error: 'invalid_redirect_uri' } };
    const back = (answer: Record<string, string>): Reply => {
      const target = new URL(redirectUri);
      const state = query.get('state');
      const all = { ...answer, ...(state === null ? {} : { state }), iss: this.url };
      for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
      return { status: 302, headers: { location: target.href } };
    };
    if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
    if (query.get('sandbox_deny') !== null) return back({ error: 'access_denied' });
    const challenge = query.get('code_challenge') ?? undefined;
    const needsPkce = this.options.isPkceRequired === true || client.secret === undefined;
    if (challenge === undefined ? needsPkce : query.get('code_challenge_method') !== 'S256')
      return back({ error: 'invalid_request', error_description: 'PKCE with S256, please' });
    const scopes = (query.get('sandbox_scope') ?? query.get('scope') ?? '')
      .split(' ')
      .filter((word) => word !== '');
    if (!scopes.every((word) => SCOPES.includes(word))) return back({ error: 'invalid_scope' });
    const sub = query.get('login_hint') ?? 'ada';
    const nonce = query.get('nonce') ?? undefined;
    return back({
      code: this.grants.newCode({ clientId: client.id, sub, scopes, nonce, redirectUri, challenge }),
    });
  }

  private async token(form: URLSearchParams, authorization: string | undefined): Promise<Reply> {
    const client = this.clientOf(form, authorization);
    if (!client) return UNKNOWN_CLIENT;
    try {
      const issued = this.grant(client, form);
      return { status: 200, body: await this.tokenAnswer(client, issued) };
    } catch (error) {
      if (!(error instanceof GrantError)) throw error;
      return { status: 400, body: { error: error.code, error_description: error.detail } };
    }
  }

  private grant(client: OauthClient, form: URLSearchParams): IssuedTokens {
    const field = (name: string): string | undefined => form.get(name) ?? undefined;
    switch (field('grant_type')) {
      case 'authorization_code':
        return this.grants.redeem(
          client,
          field('code') ?? '',
          field('redirect_uri') ?? '',
          field('code_verifier'),
        );
      case 'refresh_token':
        return this.grants.refresh(client, field('refresh_token') ?? '', field('scope'));
      default:
        throw new GrantError('invalid_request', 'unsupported grant_type');
    }
  }

  private async tokenAnswer(client: OauthClient, issued: IssuedTokens): Promise<object> {
    const nowS = Math.floor(this.nowMs() / 1_000);
    const idToken = issued.scopes.includes('openid')
      ? await this.keys.sign({
          ...claimsOf(issued.sub, issued.scopes),
          iss: this.url,
          aud: client.id,
          iat: nowS,
          exp: nowS + ID_TOKEN_LIFETIME_S,
          auth_time: issued.authTimeS,
          ...(issued.nonce === undefined ? {} : { nonce: issued.nonce }),
        })
      : undefined;
    return {
      access_token: issued.accessToken,
      token_type: 'Bearer',
      expires_in: issued.expiresInS,
      refresh_token: issued.refreshToken,
      scope: issued.scopes.join(' '),
      id_token: idToken,
      ...this.options.tokenExtras?.(issued.sub),
    };
  }

  private revoke(form: URLSearchParams, authorization: string | undefined): Reply {
    const client = this.clientOf(form, authorization);
    if (!client) return UNKNOWN_CLIENT;
    this.grants.revoke(client, form.get('token') ?? '');
    return { status: 200 };
  }

  private userinfo(authorization: string | undefined): Reply {
    const token = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? '';
    const found = this.grants.find(token);
    if (!found) {
      const challenge = 'Bearer error="invalid_token"';
      return { status: 401, headers: { 'www-authenticate': challenge }, body: { error: 'invalid_token' } };
    }
    return { status: 200, body: claimsOf(found.sub, found.scopes) };
  }

  /** By client_secret_basic, client_secret_post, or the bare id of a public client. */
  private clientOf(form: URLSearchParams, authorization: string | undefined): OauthClient | undefined {
    const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
    const basic = encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString().split(':');
    const [id, secret] = basic
      ? basic.map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
      : [form.get('client_id') ?? undefined, form.get('client_secret') ?? undefined];
    const client = this.options.clients.find((known) => known.id === id);
    return client?.secret === secret ? client : undefined;
  }
}

const NOT_ALLOWED: Reply = { status: 405, body: { error: 'method_not_allowed' } };
const UNKNOWN_CLIENT: Reply = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="sandbox"' },
  body: { error: 'invalid_client' },
};

function routeOf(path: string): OauthRoute | undefined {
  if (/^\/\.well-known\/(?:openid-configuration|oauth-authorization-server)$/.test(path)) return 'discovery';
  return OAUTH_ROUTES.find((route) => route !== 'discovery' && path === `/${route}`);
}

/** Everybody has a name and a verified address that follow from who they are. */
function claimsOf(sub: string, scopes: readonly string[]): { sub: string } & Record<string, unknown> {
  return {
    sub,
    ...(scopes.includes('profile') ? { name: `Sandbox ${sub}` } : {}),
    ...(scopes.includes('email') ? { email: `${sub}@sandbox.example`, email_verified: true } : {}),
  };
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

function send(
  response: ServerResponse,
  { status, headers, body }: Reply,
  always: Record<string, string>,
): void {
  if (response.destroyed) return;
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(status, { ...always, ...type, ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
