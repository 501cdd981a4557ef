import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TimelineEntryDto } from './timeline.dto.js';
import { TIMELINE_KINDS } from './timeline-kinds.js';
import { timelineCsv, timelineMarkdown } from './timeline-text.js';

const ENTRY: fc.Arbitrary<TimelineEntryDto> = fc.record({
  kind: fc.constantFrom(...TIMELINE_KINDS),
  id: fc.uuid(),
  title: fc.string({ minLength: 1 }),
  text: fc.string(),
  day: fc.option(fc.integer()),
  endDay: fc.option(fc.integer()),
  dayText: fc.option(fc.constant('12 Hammer 1492 DR')),
  onDate: fc.option(fc.constant('2026-11-30')),
  objectId: fc.uuid(),
});

describe('a timeline as Markdown', () => {
  it('has a heading and a line per entry, whatever people have written', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(ENTRY), (title, entries) => {
        const lines = timelineMarkdown(title, entries).split('\n');
        expect(lines[0]).toMatch(/^# /);
        expect(lines.filter((line) => line.startsWith('- '))).toHaveLength(entries.length);
        expect(lines.join('')).not.toMatch(/(?<!\\)[<`|]/);
      }),
    );
  });

  it('says when, what and more of it', () => {
    const [entry] = fc.sample(ENTRY, 1) as [TimelineEntryDto];
    const said = {
      ...entry,
      kind: 'event' as const,
      title: 'The *fall*',
      text: 'of\nthe city',
      dayText: '1 May 3',
    };
    expect(timelineMarkdown('Ours', [{ ...said, onDate: null }])).toBe(
      '# Ours\n\n- **1 May 3** The \\*fall\\* (event): of the city\n',
    );
  });
});

describe('a timeline as CSV', () => {
  it('has a row per entry and runs no formula', () => {
    const [entry] = fc.sample(ENTRY, 1) as [TimelineEntryDto];
    const csv = timelineCsv([{ ...entry, title: '=cmd()', text: 'a, "b"' }]);
    expect(csv.startsWith('kind,day,endDay,dayText,onDate,title,text,id\r\n')).toBe(true);
    expect(csv).toContain(`'=cmd()`);
    expect(csv).toContain('"a, ""b"""');
  });
});
