import { expect } from '@jest/globals';
import type { BungieSandbox } from '../../src/sandbox/bungie/bungie-sandbox.js';
import { type Answer, get, post } from './api-client.js';
import type { TestDatabase } from './database.js';
import { agreeAtProvider, codeAtTheEnd } from './oauth-browser.js';
import type { Person } from './people.js';
import { queryRows } from './table-counts.js';
import { waitUntil } from './wait-until.js';

export const DESTINY = '/api/v1/destiny';
/** The application at the stand-in of Bungie.net. */
export const CLIENT = { id: '4711', secret: 'secret-of-the-stand-in', redirectUris: [] };
export const KEY = 'key-of-the-stand-in-of-bungie';

/** Settings by which a server asks the stand-in. */
export function bungieSettings(sandbox: BungieSandbox): Record<string, string> {
  return {
    BUNGIE_URL: sandbox.url,
    BUNGIE_API_KEY: KEY,
    BUNGIE_CLIENT_ID: CLIENT.id,
    BUNGIE_CLIENT_SECRET: CLIENT.secret,
  };
}

/** The database as somebody's own scope shows it. */
export function ownUrl(database: TestDatabase, who: { id: string }): string {
  const url = new URL(database.url);
  url.searchParams.set('options', `-c app.user_id=${who.id}`);
  return url.href;
}

/** People who play Destiny against the stand-in, over HTTP alone. */
export class DestinyPeople {
  constructor(
    private readonly baseUrl: string,
    private readonly database: TestDatabase,
    private readonly sandbox: BungieSandbox,
  ) {}

  read(who: Person, path: string): Promise<Answer> {
    return get(this.baseUrl, `${DESTINY}${path}`, { token: who.accessToken });
  }

  async connect(who: Person, player: string): Promise<void> {
    const token = who.accessToken;
    const begun = await post(this.baseUrl, '/api/v1/connections/bungie/authorize', {}, { token });
    const code = await this.agree((begun.json as { url: string }).url, player);
    const done = await post(this.baseUrl, '/api/v1/connections/bungie/complete', { code }, { token });
    if (done.status !== 204) throw new Error(`Connecting failed: ${done.text}`);
  }

  /** @param url where a connection begins @returns the code with which it comes home */
  async agree(url: string, player: string): Promise<string> {
    this.sandbox.signInAs(player);
    const walk = await agreeAtProvider(this.baseUrl, url, player);
    return codeAtTheEnd(await walk.open());
  }

  /** As if a minute had passed since the last request; and the schedule keeps out of it. */
  later(who: Person): Promise<unknown> {
    return queryRows(
      ownUrl(this.database, who),
      `UPDATE destiny.profile SET requested_at = NULL, due_at = now() + interval '1 day' WHERE user_id = $1 RETURNING membership_id`,
      [who.id],
    );
  }

  /** Until the run has ended. @returns the run */
  async sync(who: Person): Promise<Record<string, unknown>> {
    await this.later(who);
    const begun = await post(this.baseUrl, `${DESTINY}/sync`, undefined, { token: who.accessToken });
    expect(begun.status).toBe(202);
    const { id } = begun.json as { id: string };
    return waitUntil('the run has ended', 30_000, async () => {
      const { json } = await this.read(who, `/sync/${id}`);
      return json.finishedAt === null ? undefined : (json as Record<string, unknown>);
    });
  }
}
