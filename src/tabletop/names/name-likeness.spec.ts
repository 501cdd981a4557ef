import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lettersToPhones } from './letters-to-phones.js';
import { NameLikeness, nameStatistics, toCompared } from './name-likeness.js';
import { phoneOf, PHONES, phonesOf } from './phones.js';
import { pronounce, type Pronunciations } from './pronounce.js';
import { supposedChannel } from './sound-channel.js';
import { typedLogLikelihood } from './spelling-channel.js';
import { writtenLogLikelihood } from './writing-channel.js';

const WORDS = new Map(
  Object.entries({
    "i'll": 'AY L',
    send: 'S EH N D',
    bloomberg: 'B L UW M B ER G',
    moon: 'M UW N',
    well: 'W EH L',
    john: 'JH AA N',
    in: 'IH N',
  }).map(([word, phones]) => [word, phonesOf(phones)]),
);
const dictionary: Pronunciations = { find: (word) => WORDS.get(word) };
const NAMES = [
  'Ulssin Gloomburn',
  'Jaal Moonwell',
  'Mudford',
  'Barazinb',
  'Bilnulbar Bilgabar',
  'Éowyn',
  'Zoë',
];
const said = (codes: Iterable<number>): string => [...codes].map((code) => PHONES[phoneOf(code)]).join(' ');

const best = (text: string): string => {
  const names = NAMES.map((name) => toCompared(name, dictionary));
  const likeness = new NameLikeness(supposedChannel(), nameStatistics(names), toCompared(text, dictionary));
  const scores = names.map((name) => likeness.of(name));
  return NAMES[scores.indexOf(Math.max(...scores))]!;
};

describe('letters', () => {
  it.each([
    ['gloom', 'G L UW M'],
    ['khirzur', 'K ER Z ER'],
    ['vale', 'V EY L'],
    ['cedric', 'S EH D R IH K'],
    ['xoth', 'Z AA TH'],
    ['yara', 'Y AE R AH'],
    ['aggar', 'AE G AA R'],
    ['', ''],
    ['h', ''],
  ])('%s is said %s', (word, phones) => {
    expect(said(lettersToPhones(word))).toBe(phones);
  });

  it('are said whatever they are, each at most once', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{0,40}$/), (word) => {
        expect(lettersToPhones(word).length).toBeLessThanOrEqual(2 * word.length);
      }),
    );
  });
});

describe('a text as it is said', () => {
  it('goes by the dictionary, by two words in one, by letters, and by the names of letters', () => {
    expect(said(pronounce("I'll send", dictionary))).toBe('AY L S EH N D');
    expect(said(pronounce('Moonwell', dictionary))).toBe('M UW N W EH L');
    expect(said(pronounce("Qhak'sish", dictionary))).toBe('K AE K S IH SH');
    expect(said(pronounce('x l', dictionary))).toBe('EH K S EH L');
    expect(said(pronounce('Éowyn', dictionary))).toBe(said(pronounce('eowyn', dictionary)));
    expect(said(pronounce('гром', dictionary))).toBe('');
  });
});

describe('typing', () => {
  const letters = fc.stringMatching(/^[a-z]{1,12}$/);

  it('gives most likely what was meant', () => {
    fc.assert(
      fc.property(letters, letters, (meant, other) => {
        fc.pre(meant !== other);
        expect(typedLogLikelihood(meant, meant)).toBeGreaterThan(typedLogLikelihood(meant, other));
      }),
    );
  });

  it('is likelier to go wrong once than twice', () => {
    expect(typedLogLikelihood('mudford', 'mudfrod')).toBeGreaterThan(
      typedLogLikelihood('mudford', 'mufdrod'),
    );
    expect(typedLogLikelihood('mudford', 'mudferd')).toBeGreaterThan(
      typedLogLikelihood('mudford', 'mudfxrd'),
    );
  });

  it('has a likelihood however long the text is', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.string({ maxLength: 400 }), (meant, typed) => {
        expect(typedLogLikelihood(meant, typed)).toBeGreaterThan(-Infinity);
      }),
    );
  });
});

describe('writing by ear', () => {
  const letters = fc.stringMatching(/^[a-z]{1,12}$/);

  it.each([
    ['mudford', 'moodfoord', 'mxdfxxrd'],
    ['phandalin', 'fandalin', 'tandalin'],
    ['khirzur', 'kirsur', 'lirtur'],
    ['quaxis', 'kwaksis', 'kmavsis'],
  ])('gives for %s rather %s than %s', (meant, likely, unlikely) => {
    expect(writtenLogLikelihood(meant, likely)).toBeGreaterThan(writtenLogLikelihood(meant, unlikely) + 3);
  });

  it('gives most likely what was meant, and has a likelihood whatever it is', () => {
    fc.assert(
      fc.property(letters, fc.string({ maxLength: 250 }), (meant, other) => {
        fc.pre(meant !== other);
        expect(writtenLogLikelihood(meant, meant)).toBeGreaterThan(writtenLogLikelihood(meant, other));
        expect(writtenLogLikelihood(other, meant)).toBeGreaterThan(-Infinity);
      }),
    );
  });
});

describe('which name is meant', () => {
  it.each([
    ['uslsin gloomburu', 'Ulssin Gloomburn'],
    ["i'll send bloomberg", 'Ulssin Gloomburn'],
    ['john in well', 'Jaal Moonwell'],
    ['moodfoord', 'Mudford'],
    ['barassenb', 'Barazinb'],
    ['bilnulbarbilgabar', 'Bilnulbar Bilgabar'],
    ['eowyn', 'Éowyn'],
    ['zoe', 'Zoë'],
  ])('by %s: %s', (text, name) => {
    expect(best(text)).toBe(name);
  });

  it('is known of every text, whatever it is written in', () => {
    const names = NAMES.map((name) => toCompared(name, dictionary));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        const likeness = new NameLikeness(
          supposedChannel(),
          nameStatistics(names),
          toCompared(text, dictionary),
        );
        for (const name of names) expect(likeness.of(name)).not.toBeNaN();
      }),
    );
  });
});

describe('letters that no name has', () => {
  it('make a text mean nothing that it did not mean without them', () => {
    const names = NAMES.map((name) => toCompared(name, dictionary));
    const of = (text: string): number =>
      new NameLikeness(supposedChannel(), nameStatistics(names), toCompared(text, dictionary)).of(names[0]!);
    expect(of('ulssin gloomburn 1000')).toBeLessThan(of('ulssin gloomburn'));
    expect(of('thululmnyr 1000')).toBeLessThan(of('thululmnyr') + 1);
  });
});

describe('a likeness of which only the likely ones are wanted', () => {
  const syllable = fc.constantFrom('ul', 'ssin', 'gloom', 'burn', 'kha', 'zir', 'ei', 'q', 'moon', 'lu');
  const word = fc.array(syllable, { minLength: 1, maxLength: 4 }).map((all) => all.join(''));
  const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((all) => all.join(' '));
  const statistics = nameStatistics(NAMES.map((one) => toCompared(one, dictionary)));

  it('is given up for none that is as likely as that', () => {
    fc.assert(
      fc.property(
        name,
        name,
        fc.double({ min: -40, max: 60, noNaN: true }),
        fc.boolean(),
        (a, b, least, ear) => {
          const likeness = new NameLikeness(supposedChannel(), statistics, toCompared(a, dictionary));
          const { letters, phones } = toCompared(b, dictionary);
          const of = (from: number): number =>
            likeness.ofPacked(letters, 0, letters.length, phones, 0, phones.length, ear, from);
          const whole = of(-Infinity);
          if (whole >= least) expect(of(least)).toBeCloseTo(whole, 9);
          else expect(of(least)).toBeLessThan(least);
          expect(of(whole - 1e-9)).toBeCloseTo(whole, 9);
        },
      ),
      { numRuns: 200 },
    );
  });
});
