import { post } from '../support/api-client.js';
import { agreeAtProvider, codeAtTheEnd } from '../support/oauth-browser.js';
import { newPerson } from '../support/people.js';
import type { Sent } from './second-factor-and-key-stories.js';

type Story = () => Promise<Sent>;

/** Ends of what was begun at a provider. @param base of a server that has the stand-in as provider */
export function completionStories(base: () => string): Record<string, Story> {
  const story =
    (begins: string, ends: string): Story =>
    async () => {
      const { accessToken: token } = await newPerson(base());
      const begun = await post(base(), begins, {}, { token });
      const walk = await agreeAtProvider(base(), (begun.json as { url: string }).url, 'audited');
      return { path: ends, token, body: { code: codeAtTheEnd(await walk.open()) } };
    };
  const [connections, identities] = ['/api/v1/connections', '/api/v1/account/identities'];
  return {
    [`POST ${connections}/{provider}/complete`]: story(
      `${connections}/sandbox/authorize`,
      `${connections}/sandbox/complete`,
    ),
    [`POST ${identities}/{provider}/complete`]: story(
      `${identities}/sandbox/link`,
      `${identities}/sandbox/complete`,
    ),
  };
}
