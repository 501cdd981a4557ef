import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { post } from './api-client.js';
import { queryRows } from './table-counts.js';

const BATCH_SIZE = 20;
const GAME = '/api/v1/market/games/dofus';
const SERVERS = ['draconiros', 'brial', 'rafal'];

interface Batch {
  /** Name of its source, which no other batch has. */
  source: string;
  observationIds: number[];
}

/** Clients that send batch after batch, and remember what they were told is stored. */
export class IngestLoad {
  readonly acknowledged: Batch[] = [];
  private readonly sent: Batch[] = [];
  private isStopping = false;
  private writers: Promise<void>[] = [];
  /** Answers other than 201, which nobody expects of a server that runs. */
  readonly refusals: { status: number; text: string }[] = [];

  /** One writer per server of the game, each until its connection fails or `stop` is called. */
  start(base: string): void {
    this.isStopping = false;
    this.writers = SERVERS.map((server, index) =>
      this.write(base, `${GAME}/servers/${server}/observations`, index),
    );
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(this.writers);
  }

  /**
   * Looks into the database: every batch that was answered with 201 is there with the ids that were told, every other one
   * wholly or not at all, and `latest` agrees with the raw rows.
   */
  async expectNothingLost(databaseUrl: string): Promise<void> {
    const rows = await queryRows<{ source: string; ids: number[] }>(
      databaseUrl,
      `SELECT s.name AS source, array_agg(o.id::int ORDER BY o.id) AS ids
       FROM market.observation o JOIN market.source s ON s.id = o.source_id WHERE s.name LIKE 'load %' GROUP BY 1`,
    );
    const stored = new Map(rows.map(({ source, ids }) => [source, ids]));
    const lost = this.acknowledged.filter(
      ({ source, observationIds }) => String(stored.get(source)) !== String(observationIds),
    );
    expect(lost.map(({ source }) => ({ source, stored: stored.get(source)?.length ?? 0 }))).toEqual([]);
    const halves = this.sent.filter(
      ({ source }) => ![undefined, BATCH_SIZE].includes(stored.get(source)?.length),
    );
    expect(halves).toEqual([]);
    expect(await queryRows(databaseUrl, DISAGREEMENTS)).toEqual([]);
    expect(this.refusals).toEqual([]);
  }

  private async write(base: string, path: string, writer: number): Promise<void> {
    for (let turn = 0; !this.isStopping; turn += 1) {
      const batch: Batch = { source: `load ${randomUUID()}`, observationIds: [] };
      const capturedAt = new Date().toISOString();
      const elements = Array.from({ length: BATCH_SIZE }, (_, index) => ({
        externalId: 600_000_000 + writer * BATCH_SIZE + index,
        unitPrice: turn + 1 + Math.random(), // a price of its own is never a duplicate
        capturedAt,
        source: batch.source,
      }));
      this.sent.push(batch);
      try {
        const answer = await post(base, path, elements, { headers: { 'idempotency-key': batch.source } });
        if (answer.status === 201) {
          const results = answer.json.results as { observationId: number }[];
          batch.observationIds = results.map(({ observationId }) => observationId).sort((a, b) => a - b);
          this.acknowledged.push(batch);
        } else {
          this.refusals.push({ status: answer.status, text: answer.text });
        }
      } catch {
        return; // the server is gone, which is what these tests are about
      }
    }
  }
}

const DISAGREEMENTS = `
  SELECT o.server_id, o.item_id, max(o.captured_at) AS newest, l.captured_at
  FROM market.observation o LEFT JOIN market.latest l USING (server_id, item_id)
  GROUP BY o.server_id, o.item_id, l.captured_at HAVING l.captured_at IS DISTINCT FROM max(o.captured_at)
  UNION ALL
  SELECT l.server_id, l.item_id, NULL, l.captured_at FROM market.latest l
  LEFT JOIN market.observation o ON o.server_id = l.server_id AND o.item_id = l.item_id AND o.id = l.observation_id
  WHERE o.id IS NULL`;
