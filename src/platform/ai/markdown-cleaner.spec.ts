import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MarkdownCleaner } from './markdown-cleaner.js';

const OWN = 'https://guildhall.example.org';

function clean(...pieces: string[]): string {
  const cleaner = new MarkdownCleaner([OWN]);
  return pieces.map((piece) => cleaner.push(piece)).join('') + cleaner.end();
}

/** What a renderer makes of backslashes and entities in a text that is none of its structure. */
function rendered(text: string): string {
  return text
    .replace(/\\([!-/:-@[-`{-~])/g, '$1')
    .replace(/&#[xX]([0-9a-fA-F]{1,6});/g, (_, hex: string) =>
      String.fromCodePoint(Number.parseInt(hex, 16) % 0x10ffff),
    )
    .replace(/&#([0-9]{1,7});/g, (_, code: string) => String.fromCodePoint(Number(code) % 0x10ffff))
    .replace(
      /&(colon|sol|period|commat|lt|lsqb|lpar|excl|bsol|amp);/gi,
      (_, name: string) => NAMED[name.toLowerCase()]!,
    );
}

const NAMED: Record<string, string> = {
  ...{ colon: ':', sol: '/', period: '.', commat: '@', lt: '<', lsqb: '[', lpar: '(', excl: '!' },
  ...{ bsol: '\\', amp: '&' },
};

const OWN_LINK =
  /\[[\p{L}\p{N} .,'’–%+#?*_-]+\]\((?:https:\/\/guildhall\.example\.org)?(?:\/(?!\/)[A-Za-z0-9._~/?#=%+-]*)?\)/gu;

/**
 * What CommonMark or GFM could make of a text that leads to somebody else, and more than that: the first characters of every such thing
 * are looked for, whether a renderer would make it of them or not.
 */
function dangersOf(text: string): string[] {
  // Behind an exclamation mark an own link would be a picture.
  const pictures = [...text.matchAll(/!(?=\[[^[\]]*\]\()/g)].map(() => 'picture');
  const rest = text.replace(OWN_LINK, '\u0001');
  const inSource = [
    [/\]\(/, 'inline link'],
    [/\]:/, 'definition'],
    [/<[A-Za-z/!?]/, 'html or autolink'],
    [/&(?:#|[A-Za-z])/, 'entity'],
  ] as const;
  const inText = [
    [/:\/\//, 'address'],
    [/www\./i, 'www'],
    [/[A-Za-z0-9._+-]@[A-Za-z0-9]/, 'mail'],
  ] as const;
  return [
    ...pictures,
    ...inSource.filter(([pattern]) => pattern.test(rest)).map(([, name]) => name),
    ...inText
      .filter(([pattern]) => pattern.test(rest) || pattern.test(rendered(rest)))
      .map(([, name]) => name),
  ];
}

/** Texts out of what attacks are made of. */
const parts = fc.constantFrom(
  ...[
    '[',
    ']',
    '(',
    ')',
    '!',
    '<',
    '>',
    ':',
    '/',
    '//',
    '\\',
    '&',
    ';',
    '@',
    '.',
    '#',
    '"',
    "'",
    '`',
    '*',
    '_',
    '~',
    '|',
    '-',
  ],
  ...[
    '](',
    '![',
    '[a](',
    '[a]:',
    '[a][b]',
    '://',
    'http',
    'https',
    'https://',
    'HTTP://',
    'ftp://',
    'www',
    'www.',
    'mailto:',
    'javascript:',
    'data:',
  ],
  ...[
    'evil.com',
    'evil.com/a?b=c',
    'a@evil.com',
    '<img src=x>',
    '<a href="',
    '<!--',
    '-->',
    '</a>',
    '<?',
    '<script>',
  ],
  ...[
    '&lt;',
    '&#58;',
    '&#x2f;',
    '&colon;',
    '&sol;',
    '&amp;',
    '&amp',
    '&#',
    '&period;',
    '&commat;',
    '&#0;',
    '&#9999999;',
    '&excl;',
  ],
  ...[
    '\n',
    '\n\n',
    ' ',
    '\t',
    '\r',
    '\u200b',
    '\u202e',
    '\u0000',
    '\u00ad',
    '\ud83d\ude00',
    '\ud83d',
    '\ude00',
    'ü',
    '\u{e0041}',
  ],
  ...[
    '/destiny/catalysts',
    `${OWN}/x`,
    OWN,
    '//evil.com',
    '/\\evil.com',
    '[own](/destiny/a)',
    `[own](${OWN}/a)`,
    'word',
    'a',
    'ww',
    '1',
  ],
);
const texts = fc
  .array(fc.oneof({ weight: 9, arbitrary: parts }, { weight: 1, arbitrary: fc.string() }), { maxLength: 40 })
  .map((all) => all.join(''));

describe('cleaning', () => {
  it('in any pieces equals cleaning whole', () => {
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.integer({ min: 1, max: 12 })), (text, lengths) => {
        const pieces: string[] = [];
        for (let start = 0; start < text.length;) {
          const length = lengths.next().value;
          pieces.push(text.slice(start, start + length));
          start += length;
        }
        expect(clean(...pieces)).toBe(clean(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('letter by letter equals cleaning whole, of long texts too', () => {
    for (const text of [
      'a'.repeat(300),
      '['.repeat(700),
      `[${'b'.repeat(400)}](x)`,
      `<a ${'c'.repeat(900)}>`,
      `http://${'d'.repeat(3_000)} e`,
      `&${'f'.repeat(50)};`,
      `](${'g'.repeat(2_500)})`,
    ])
      expect(clean(...text)).toBe(clean(text));
  });

  it('leaves nothing that leads to somebody else', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(dangersOf(clean(text))).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });

  it('leaves nothing to clean', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = clean(text);
        expect(dangersOf(clean(once))).toEqual([]);
        // eslint-disable-next-line no-control-regex -- those that must not be left
        expect(once).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u200b\u202e\u00ad]/);
        expect(once.isWellFormed()).toBe(true);
      }),
    );
  });

  it('keeps plain prose as it is', () => {
    const words = fc.constantFrom(
      'Jötunn',
      'is',
      '96 %',
      'done',
      'kills:',
      '48/50',
      '(about',
      '2 h)',
      '**bold**',
      '- item',
      '`code`',
      '\n',
      '## Head',
      'a < b',
      '5 > 3',
      'x & y',
      '1. one',
      'e.g.',
      'it’s!',
      '[note]',
      '😀',
    );
    fc.assert(
      fc.property(fc.array(words), (all) => {
        const text = all.join(' ');
        expect(clean(text)).toBe(text);
      }),
    );
  });
});

describe('what is taken out', () => {
  it.each([
    ['Look: ![x](https://evil.com/?q=secret) there', 'Look:  there'],
    ['![x](/own.png)', ''],
    ['see [the guide](https://evil.com/a) now', 'see the guide now'],
    ['see [the guide](https://evil.com/a "title") now', 'see the guide now'],
    ['[![alt](https://evil.com/i.png)](https://evil.com)', '[]'],
    ['go to https://evil.com/a?b=c.', 'go to (link removed).'],
    ['go to www.evil.com, please', 'go to (link removed), please'],
    ['<https://evil.com>', ''],
    ['a <b>bold</b> word', 'a bold word'],
    ['<img src="https://evil.com/x">', ''],
    ['<!-- hidden > words -->seen', 'seen'],
    ['[x]: https://evil.com', '[x] : (link removed)'],
    ['https\\://evil.com', '(link removed)'],
    ['https&#58;//evil.com', '(link removed)'],
    ['&lt;img src=x&gt;', ''],
    ['hid\u200bden\u202e', 'hidden'],
    ['[x](javascript:alert)', 'x'],
    ['[x](//evil.com)', 'x'],
    ['[x](/\\evil.com)', 'x'],
    [`[x](${OWN}.evil.com/a)`, 'x'],
    [`[x](${OWN}@evil.com/a)`, 'x'],
    ['[https://evil.com](/own)', '(link removed)'],
  ])('of %j leaves %j', (text, left) => {
    expect(clean(text)).toBe(left);
  });

  it.each([
    'see [the list](/destiny/catalysts?state=missing)',
    `see [the list](${OWN}/destiny#a)`,
    'yes! and [more](/a)',
  ])('is not a link of ours: %s', (text) => {
    expect(clean(text)).toBe(text);
  });

  it('is decided as soon as it can be', () => {
    const cleaner = new MarkdownCleaner();
    expect(cleaner.push('All three are ')).toBe('All three are ');
    expect(cleaner.push('done. ')).toBe('done. ');
  });
});
