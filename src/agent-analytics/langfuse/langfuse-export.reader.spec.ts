import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { type ExportBatch, ExportFileError, readExport } from './langfuse-export.reader.js';

const trace = {
  id: 't1',
  timestamp: '2026-01-01 10:00:00.123',
  name: 'Agent workflow',
  session_id: 's1',
  tags: ['chapter_0'],
  metadata: { mortal: 'Maya' },
};
const observation = {
  id: 'o1',
  trace_id: 't1',
  start_time: '2026-01-01 10:00:00.123',
  type: 'AGENT',
  usage_details: { input: '5' },
  input: '[{"role":"user"}]',
};
const score = {
  id: 'x1',
  timestamp: '2026-01-01 10:00:01.000',
  name: 'ending',
  data_type: 'CATEGORICAL',
  string_value: 'together',
  trace_id: 't1',
};
const LINES = [trace, observation, score].map((row) => JSON.stringify(row));

const read = async (
  bytes: Uint8Array,
  more: { batchRows?: number; afterLine?: number; cuts?: number[] } = {},
) => {
  const { cuts = [], ...reading } = more;
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const chunks = edges.slice(1).map((end, index) => Buffer.from(bytes.subarray(edges[index], end)));
  const batches: ExportBatch[] = [];
  for await (const batch of readExport(Readable.from(chunks), {
    projectId: 'cupid',
    batchRows: 100,
    ...reading,
  }))
    batches.push(batch);
  return batches;
};

describe('an export', () => {
  it('is read whole, plain or packed, however it is cut into pieces', async () => {
    const text = Buffer.from(`\ufeff${LINES.join('\r\n')}\n\n`);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { maxLength: 12 }), fc.boolean(), async (cuts, isPacked) => {
        const [batch, ...others] = await read(isPacked ? gzipSync(text) : text, { cuts });
        expect(others).toEqual([]);
        expect(batch!.refused).toEqual([]);
        expect(batch!.rows).toMatchObject([
          {
            kind: 'traces',
            row: {
              id: 't1',
              sessionId: 's1',
              projectId: 'cupid',
              timestamp: { text: '2026-01-01T10:00:00.123Z' },
            },
          },
          {
            kind: 'observations',
            row: { id: 'o1', traceId: 't1', promptTokens: 5, input: [{ role: 'user' }] },
          },
          { kind: 'scores', row: { id: 'x1', value: 'together', subject: { kind: 'trace', id: 't1' } } },
        ]);
      }),
      { numRuns: 60 },
    );
  });

  it('tells lines that cannot be used by their number, and goes on', async () => {
    const text = [
      LINES[0],
      '{"id":',
      '[1]',
      '{"id":"a"}',
      '{"start_time":"2026-01-01 10:00:00"}',
      LINES[1],
    ].join('\n');
    const [batch] = await read(Buffer.from(text));
    expect(batch!.rows.map(({ kind }) => kind)).toEqual(['traces', 'observations']);
    expect(batch!.refused).toEqual([
      { line: 2, reason: 'no JSON' },
      { line: 3, reason: 'not an object' },
      { line: 4, reason: 'of no known table' },
      { line: 5, reason: 'no id' },
    ]);
  });

  it('goes on behind any batch as if it had not been broken off', async () => {
    const text = Buffer.from(
      Array.from({ length: 10 }, (_, index) => JSON.stringify({ ...observation, id: `o${index}` })).join(
        '\n',
      ),
    );
    const batches = await read(text, { batchRows: 3 });
    expect(batches.map(({ rows, lines }) => [rows.length, lines])).toEqual([
      [3, 3],
      [3, 6],
      [3, 9],
      [1, 10],
    ]);
    const rest = await read(text, { batchRows: 3, afterLine: batches[1]!.lines });
    expect(rest).toEqual(batches.slice(2));
  });

  it('with a line that has no end is read past it', async () => {
    const long = Buffer.alloc(17 * 1_024 * 1_024, 0x61);
    const [batch] = await read(Buffer.concat([long, Buffer.from(`\n${LINES[0]}`)]));
    expect(batch).toMatchObject({
      refused: [{ line: 1, reason: 'too long' }],
      rows: [{ kind: 'traces' }],
      lines: 2,
    });
  });

  it('that was packed and ends too early, or is damaged, is an error', async () => {
    const packed = gzipSync(Array.from({ length: 500 }, () => LINES[1]).join('\n'));
    await expect(read(packed.subarray(0, packed.length - 20))).rejects.toBeInstanceOf(ExportFileError);
    const damaged = Buffer.from(packed);
    damaged.fill(0xff, 20, 40);
    await expect(read(damaged)).rejects.toBeInstanceOf(ExportFileError);
  });

  it('may be empty', async () => {
    expect(await read(Buffer.alloc(0))).toEqual([]);
    expect(await read(Buffer.from('\n \n'))).toEqual([]);
  });
});
