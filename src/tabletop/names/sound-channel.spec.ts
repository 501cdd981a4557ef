import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PHONE_COUNT, phonesOf } from './phones.js';
import { heardLogLikelihood, learnChannel, type SoundChannel, supposedChannel } from './sound-channel.js';

const codes = (text: string): Uint8Array => Uint8Array.from(phonesOf(text));
const someCodes = (maxLength: number) =>
  fc.uint8Array({ min: 0, max: PHONE_COUNT - 1, maxLength }).map((array) => Uint8Array.from(array));

/** The definition, written down plainly: every way to lose, change and add. */
function probability(channel: SoundChannel, said: Uint8Array, heard: Uint8Array): number {
  if (said.length === 0 && heard.length === 0) return 1;
  let sum = 0;
  const saidHead = said.subarray(0, -1);
  const heardHead = heard.subarray(0, -1);
  const lastSaid = said.at(-1);
  const lastHeard = heard.at(-1);
  if (lastSaid !== undefined) sum += probability(channel, saidHead, heard) * channel.lost[lastSaid]!;
  if (lastHeard !== undefined) sum += probability(channel, said, heardHead) * channel.added[lastHeard]!;
  if (lastSaid !== undefined && lastHeard !== undefined)
    sum += probability(channel, saidHead, heardHead) * channel.becomes[lastSaid * PHONE_COUNT + lastHeard]!;
  return sum;
}

const rowSums = (channel: SoundChannel): number[] =>
  Array.from({ length: PHONE_COUNT }, (_, said) =>
    channel.becomes
      .subarray(said * PHONE_COUNT, (said + 1) * PHONE_COUNT)
      .reduce((sum, share) => sum + share, channel.lost[said]!),
  );

describe('what is heard of a name', () => {
  it('is as likely as all ways to it together', () => {
    const channel = supposedChannel();
    fc.assert(
      fc.property(someCodes(4), someCodes(4), (said, heard) => {
        expect(heardLogLikelihood(channel, said, heard)).toBeCloseTo(
          Math.log(probability(channel, said, heard)),
          9,
        );
      }),
    );
  });

  it('has a likelihood however long it is', () => {
    const channel = supposedChannel();
    fc.assert(
      fc.property(someCodes(300), someCodes(300), (said, heard) => {
        expect(heardLogLikelihood(channel, said, heard)).toBeGreaterThan(-Infinity);
      }),
    );
  });

  it('is likelier the more alike the mouth makes it', () => {
    const channel = supposedChannel();
    const of = (heard: string): number => heardLogLikelihood(channel, codes('B AE T'), codes(heard));
    expect(of('B AE T')).toBeGreaterThan(of('P AE T'));
    expect(of('P AE T')).toBeGreaterThan(of('S AE T'));
    expect(of('B AE D')).toBeGreaterThan(of('B AE IY'));
  });
});

describe('a channel', () => {
  it('says of each phone what becomes of it, and nothing else', () => {
    const pairs = fc.array(fc.record({ said: someCodes(8), heard: someCodes(8) }), { maxLength: 10 });
    fc.assert(
      fc.property(pairs, (learntOf) => {
        for (const sum of rowSums(learnChannel(learntOf))) expect(sum).toBeCloseTo(1, 9);
      }),
      { numRuns: 20 },
    );
  });

  it('learns what is taken for what', () => {
    const pairs = Array.from({ length: 30 }, () => ({ said: codes('K IY T'), heard: codes('CH IY T') }));
    const learnt = learnChannel(pairs);
    const [k, ch, g] = phonesOf('K CH G') as [number, number, number];
    expect(learnt.becomes[k * PHONE_COUNT + ch]).toBeGreaterThan(0.7);
    expect(learnt.becomes[g * PHONE_COUNT + ch]).toBeCloseTo(
      supposedChannel().becomes[g * PHONE_COUNT + ch]!,
      9,
    );
  });

  it('without pairs is what articulation lets one suppose', () => {
    const { becomes } = learnChannel([]);
    supposedChannel().becomes.forEach((share, index) => expect(becomes[index]).toBeCloseTo(share, 12));
  });
});
