import {
  type BungieSandbox,
  type BungieSandboxOptions,
  openBungieSandbox,
} from '../../src/sandbox/bungie/bungie-sandbox.js';

// A client of the stand-in as bare as can be, for specs of the stand-in itself.

export const BUNGIE_CLIENT = { id: '4711', secret: 's3cret', redirectUris: ['http://127.0.0.1/callback'] };
export const BUNGIE_KEY = 'key-of-the-stand-in';
export const ALL_COMPONENTS = '100,102,200,201,202,205,300,304,305,309,310,900,1300';
export const BUNGIE_START = Date.parse('2026-06-09T17:00:00Z');

/** An answer, read by dotted paths. */
export type Tree = Record<string, unknown>;
export function at<T = Tree>(tree: unknown, path: string): T {
  return path.split('.').reduce<unknown>((node, key) => (node as Tree | undefined)?.[key], tree) as T;
}

export interface BungieAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Tree;
}

export class BungieTrial {
  private constructor(readonly sandbox: BungieSandbox) {}

  static async open(options: Partial<BungieSandboxOptions> = {}): Promise<BungieTrial> {
    const fixed = { clients: [BUNGIE_CLIENT], apiKey: BUNGIE_KEY, nowMs: () => BUNGIE_START };
    return new BungieTrial(await openBungieSandbox({ ...fixed, ...options }));
  }

  /** @param token undefined = nobody's @param key null = none */
  async get(path: string, token?: string, key: string | null = BUNGIE_KEY): Promise<BungieAnswer> {
    const headers = {
      ...(key !== null && { 'x-api-key': key }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    };
    const answer = await fetch(new URL(path, this.sandbox.url), { headers });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Tree };
  }

  /** What the page answers. */
  async authorize(query: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
    const url = new URL('/en/OAuth/Authorize', this.sandbox.url);
    const all = { client_id: BUNGIE_CLIENT.id, response_type: 'code', state: 's7', ...query };
    for (const [key, value] of Object.entries(all)) url.searchParams.set(key, value);
    return fetch(url, { redirect: 'manual', headers });
  }

  async codeOf(name: string): Promise<string> {
    const answer = await this.authorize({ login_hint: name });
    return new URL(answer.headers.get('location')!).searchParams.get('code')!;
  }

  async token(form: Record<string, string>, auth: 'basic' | 'form' = 'basic'): Promise<BungieAnswer> {
    const { id, secret } = BUNGIE_CLIENT;
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const inForm = auth === 'form' ? { client_id: id, client_secret: secret } : undefined;
    const answer = await fetch(new URL('/platform/app/oauth/token/', this.sandbox.url), {
      method: 'POST',
      ...(auth === 'basic' && { headers: { authorization: basic } }),
      body: new URLSearchParams({ ...form, ...inForm }),
    });
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Tree };
  }

  async signIn(name: string): Promise<{ access: string; refresh: string; answer: BungieAnswer }> {
    const answer = await this.token({ grant_type: 'authorization_code', code: await this.codeOf(name) });
    const { access_token: access, refresh_token: refresh } = answer.body;
    return { access: String(access), refresh: String(refresh), answer };
  }

  refresh(token: string): Promise<BungieAnswer> {
    return this.token({ grant_type: 'refresh_token', refresh_token: token });
  }

  profilePath(name: string, components = ALL_COMPONENTS): string {
    const { membership, membershipId } = this.sandbox.player(name).profile;
    return `/Platform/Destiny2/${membership.type}/Profile/${membershipId}/?components=${components}`;
  }

  close(): Promise<void> {
    return this.sandbox.close();
  }
}
