import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TranscriptDto, TurnDto } from './sessions.dto.js';
import {
  escapeMarkdown,
  quoteMarkdown,
  transcriptFileName,
  transcriptMarkdown,
} from './transcript-markdown.js';

const NASTY = [
  '# h',
  '\n',
  '\r\n',
  '\u2028',
  '<b>',
  '![x](y)',
  '[a](b)',
  '```',
  '> q',
  '- l',
  '1. n',
  '|',
  '~~',
  '***',
  '\\',
  '&lt;',
  '    c',
  'a',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...NASTY), { maxLength: 8 }).map((parts) => parts.join('')),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const turn = (more: Partial<TurnDto>): TurnDto => ({
  ordinal: 1,
  chapter: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  latencyMs: 1,
  player: null,
  picked: null,
  lines: [],
  offered: [],
  costUsd: 0,
  totalTokens: 0,
  ...more,
});
const transcript = (turns: TurnDto[]): TranscriptDto => ({
  asOf: null,
  completeThrough: null,
  sessionId: 'thr_1',
  mortal: 'Maya',
  match: 'Noah',
  turns,
});
/** What is left to Markdown when everything that is escaped is taken out. */
const bare = (markdown: string): string => markdown.replace(/\\[!-/:-@[-`{-~]/g, '');

describe('a text in Markdown', () => {
  it('has no sign left that means anything, and is the same text without the escapes', () => {
    fc.assert(
      fc.property(text, (given) => {
        const escaped = escapeMarkdown(given);
        expect(bare(escaped)).not.toMatch(/[\\`*_{}[\]<>#|~$&!]/);
        expect(escaped.replace(/\\([!-/:-@[-`{-~])/g, '$1')).toBe(
          given.replace(/[\p{Cc}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu, ' '),
        );
      }),
    );
  });

  it('never leaves its quotation', () => {
    fc.assert(
      fc.property(text, (given) => {
        for (const line of quoteMarkdown(given).split(/[\n\r\v\f\u0085\u2028\u2029]+/))
          expect(line).toMatch(/^>( {1}\S.*)? {0,2}$/u);
      }),
    );
  });
});

describe('a transcript in Markdown', () => {
  it('has as many headings as it has turns and chapters, whatever was said', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), (said) => {
        const turns = said.map(([player, line], index) =>
          turn({
            ordinal: index + 1,
            player,
            chapter: 'chapter_4',
            lines: [
              {
                agent: line,
                at: '',
                text: line,
                isInternal: false,
                latencyMs: 1,
                costUsd: 0,
                totalTokens: 0,
                model: null,
              },
            ],
            offered: [{ key: 'A', title: line }],
          }),
        );
        const lines = transcriptMarkdown(transcript(turns), () => 'Story').split('\n');
        const headings = lines.filter((line) => line.startsWith('#'));
        expect(headings).toHaveLength(1 + turns.length + (turns.length > 0 ? 1 : 0));
        expect(lines.filter((line) => /^\s*(```|~~~|<|\||\d+\. |---|===|\*\*\*)/.test(line))).toEqual([]);
      }),
    );
  });

  it('reads like a play', () => {
    const lines = [
      { agent: 'StartCupidGame', text: 'It is *late*.\n\n# Not a heading', isInternal: false },
      { agent: 'HasEnded', text: '{"has_ended":false}', isInternal: true },
    ].map((line) => ({ ...line, at: '', latencyMs: 1, costUsd: 0, totalTokens: 0, model: null }));
    const offered = [{ key: 'A', title: 'Wait' }];
    const made = transcriptMarkdown(
      transcript([turn({ chapter: 'chapter_4', player: 'B - Go', lines, offered })]),
      () => 'Story',
    );
    expect(made).toBe(
      [
        '# Maya \\& Noah',
        'Session thr\\_1',
        '## Story',
        '### Turn 1, 2026\\-01\\-01T00\\:00\\:00\\.000Z',
        '**Player**',
        '> B \\- Go',
        '**StartCupidGame**',
        '> It is \\*late\\*\\.  \n>  \n> \\# Not a heading',
        '- A: Wait',
        '',
      ]
        .join('\n\n')
        .replace(/\n\n$/, '\n'),
    );
  });
});

describe('the name of a file', () => {
  it('is safe whatever the id is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (id) => {
        expect(transcriptFileName(id, 'md')).toMatch(/^transcript-[A-Za-z0-9][A-Za-z0-9-]{0,79}\.md$/);
      }),
    );
    expect(transcriptFileName('../../etc/passwd\r\nX: y', 'json')).toBe('transcript-etc-passwd-X-y.json');
  });
});
