import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHANNEL_KINDS, channelsOf, EVERY_TOPIC, type Preference } from './channel-kinds.js';

const preference = fc.record({
  topic: fc.constantFrom('market.alert', 'running.race', EVERY_TOPIC),
  channel: fc.constantFrom(...CHANNEL_KINDS),
  isEnabled: fc.boolean(),
});
const preferences = fc.uniqueArray(preference, { selector: ({ topic, channel }) => `${topic} ${channel}` });

describe('channelsOf', () => {
  it('is the default of whoever has said nothing', () => {
    expect([...channelsOf('market.alert', [])]).toEqual(['in-app', 'webhook', 'discord']);
  });

  it('follows the most special word that was said about a channel', () => {
    fc.assert(
      fc.property(preferences, (said) => {
        const found = channelsOf('market.alert', said);
        for (const channel of CHANNEL_KINDS) {
          const word = (topic: string): Preference | undefined =>
            said.find((one) => one.topic === topic && one.channel === channel);
          const expected = (word('market.alert') ?? word(EVERY_TOPIC))?.isEnabled ?? channel !== 'mail';
          expect(found.has(channel)).toBe(expected);
        }
      }),
    );
  });
});
