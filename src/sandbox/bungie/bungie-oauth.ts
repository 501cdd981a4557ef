import { type BungieClient, BungieGrants, type BungieTokens } from './bungie-grants.js';
import { PlatformError, statusOf } from './bungie-envelope.js';
import type { SandboxPlayer } from './sandbox-player.js';

// Sign-in at Bungie. Programs get their consent at once, in the name of the player that `login_hint` names, or else of the one whose turn
// it is; people who come by a browser choose one from a page. `sandbox_deny=1` says no. A scope is refused: Bungie's are fixed with the
// application.

export interface OauthReply {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: unknown;
}

const REFUSED_CLIENT = { error: 'invalid_client', error_description: 'ApplicationTokenKeyIdDoesNotExist' };

export class BungieOauth {
  readonly grants: BungieGrants;
  /** Who signs in next where nobody is named; undefined = the first player. */
  nextPlayer: string | undefined;

  constructor(
    private readonly clients: readonly BungieClient[],
    private readonly players: readonly SandboxPlayer[],
    nowMs: () => number,
  ) {
    this.grants = new BungieGrants(nowMs);
  }

  /** @param isBrowser whether a person looks at the answer */
  authorize(url: URL, isBrowser: boolean): OauthReply {
    const query = url.searchParams;
    const client = this.clients.find(({ id }) => id === query.get('client_id'));
    if (!client) return { status: 400, body: REFUSED_CLIENT };
    const redirectUri = query.get('redirect_uri') ?? client.redirectUris[0] ?? '';
    const isKnown = client.redirectUris.length === 0 || client.redirectUris.includes(redirectUri);
    if (!isKnown || !URL.canParse(redirectUri))
      return { status: 400, body: { error: 'invalid_request', error_description: 'redirect_uri' } };
    const back = (answer: Record<string, string>): OauthReply => {
      const target = new URL(redirectUri);
      const state = query.get('state');
      const all = { ...answer, ...(state !== null && { state }) };
      for (const [name, value] of Object.entries(all)) target.searchParams.set(name, value);
      return { status: 302, headers: { location: target.href }, body: '' };
    };
    if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
    if ((query.get('scope') ?? '') !== '') return back({ error: 'invalid_scope' });
    if (query.has('sandbox_deny')) return back({ error: 'access_denied' });
    const hint = query.get('login_hint') ?? this.nextPlayer;
    if (isBrowser && hint === undefined && this.players.length > 1)
      return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: this.page(url) };
    const player = hint === undefined ? this.players[0] : this.players.find(({ name }) => name === hint);
    if (!player) return back({ error: 'access_denied', error_description: 'no such player' });
    this.nextPlayer = undefined;
    return back({ code: this.grants.newCode(client, player) });
  }

  token(form: URLSearchParams, authorization: string | undefined): OauthReply {
    const client = this.clientOf(form, authorization);
    if (!client) return { status: 401, body: REFUSED_CLIENT };
    try {
      return { status: 200, body: this.grant(client, form) };
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      return tokenFailure(error.code);
    }
  }

  private grant(client: BungieClient, form: URLSearchParams): BungieTokens {
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return this.grants.redeem(client, form.get('code') ?? '');
      case 'refresh_token':
        return this.grants.refresh(client, form.get('refresh_token') ?? '');
      default:
        throw new PlatformError(18);
    }
  }

  /** By Basic or by the form; a public client by its bare id. What Basic holds is taken as it is, which is Bungie's way. */
  private clientOf(form: URLSearchParams, authorization: string | undefined): BungieClient | undefined {
    const encoded = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
    const [id, secret] =
      encoded === undefined
        ? [form.get('client_id') ?? undefined, form.get('client_secret') ?? undefined]
        : Buffer.from(encoded, 'base64').toString().split(':');
    const client = this.clients.find((known) => known.id === id);
    return client?.secret === secret ? client : undefined;
  }

  private page(url: URL): string {
    const links = this.players.slice(0, 100).map(({ name }) => {
      const target = new URL(url);
      target.searchParams.set('login_hint', name);
      return `<li><a href="${escaped(target.pathname + target.search)}">${escaped(name)}</a></li>`;
    });
    return (
      '<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandbox Bungie</title>' +
      '<h1>Sandbox Bungie</h1><p>This is a stand-in. Sign in as</p>' +
      `<ul>${links.join('')}</ul></html>`
    );
  }
}

/** How the token endpoint says what the platform would say by a code; in maintenance as a server's error. */
export function tokenFailure(code: number, status?: number): OauthReply {
  const isServers = code === 5 || (code >= 31 && code <= 57);
  const body = { error: isServers ? 'server_error' : 'invalid_grant', error_description: statusOf(code) };
  return { status: status ?? (isServers ? 503 : 400), body };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
