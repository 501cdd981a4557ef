import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ENV } from '../../platform/config/config.module.js';
import type { Env } from '../../platform/config/env.js';
import type { SheetSource, SheetsSettings } from '../../platform/config/sheets-settings.js';
import { defineProvider, type OutboundPolicy } from '../../platform/outbound/outbound-policy.js';
import { OUTBOUND_ERROR, OutboundError } from '../../platform/outbound/outbound.errors.js';
import { Outbound, type OutboundAnswer } from '../../platform/outbound/outbound.service.js';
import { GoogleToken } from './google-token.client.js';
import { readSheetCsv } from './sheet-csv.reader.js';
import { SheetFault } from './sheet-fault.js';

// Google Sheets, two ways: the CSV export of what anybody may see, and the API as a service account. Nothing here knows of our tables.

const MOST_BYTES = 2_000_000;
const MINUTE_MS = 60_000;
/** Google's own figures of reads; a service account is one user of its project. */
const API = defineProvider({
  provider: 'google-sheets',
  mostResponseBytes: MOST_BYTES,
  budgets: [
    { name: 'project', limit: 300, windowMs: MINUTE_MS, shape: 'window' },
    { name: 'user', limit: 60, windowMs: MINUTE_MS, shape: 'window' },
  ],
});
/** Google names no figure for the export: as often as a user of the API may read. */
const EXPORT = defineProvider({
  provider: 'google-docs',
  mostResponseBytes: MOST_BYTES,
  budgets: [{ name: 'export', limit: 60, windowMs: MINUTE_MS, shape: 'window' }],
});
/** A hundred columns and one, five thousand rows and one: what is over shows that there is more. */
const RANGE = 'A1:CW5001';

const listSchema = z.object({
  sheets: z
    .array(
      z.object({
        properties: z.object({
          sheetId: z.int(),
          title: z.string(),
          sheetType: z.string().optional(),
          hidden: z.boolean().optional(),
        }),
      }),
    )
    .max(1_000)
    .default([]),
});
const valuesSchema = z.object({ values: z.array(z.array(z.unknown())).default([]) });

export interface SheetTab {
  /** As Google has it. */
  readonly name: string;
  readonly gid: number;
}

@Injectable()
export class SheetsClient {
  private readonly settings: SheetsSettings;
  private readonly token: GoogleToken | undefined;

  constructor(
    private readonly outbound: Outbound,
    @Inject(ENV) env: Env,
  ) {
    this.settings = env.sheets;
    this.token = this.settings.account && new GoogleToken(outbound, this.settings.account);
  }

  /** Tabs with cells that are not hidden, in their order. @throws SheetFault */
  async listTabs(source: SheetSource): Promise<SheetTab[]> {
    const fields = 'sheets.properties(sheetId,title,sheetType,hidden)';
    const { sheets } = await this.ask(`${source.sheetId}?fields=${encodeURIComponent(fields)}`, listSchema);
    return sheets
      .map(({ properties }) => properties)
      .filter(({ sheetType = 'GRID', hidden = false }) => sheetType === 'GRID' && !hidden)
      .map(({ title: name, sheetId: gid }) => ({ name, gid }));
  }

  /** Cells of a tab through the API. @throws SheetFault */
  async readTab(source: SheetSource, name: string): Promise<unknown[][]> {
    const range = `'${name.replaceAll("'", "''")}'!${RANGE}`;
    const path = `${source.sheetId}/values/${encodeURIComponent(range)}?majorDimension=ROWS`;
    return (await this.ask(path, valuesSchema)).values;
  }

  /** Cells of a tab of a public sheet. @throws SheetFault */
  async exportTab(source: SheetSource, gid: number): Promise<string[][]> {
    const url = `${this.settings.docsUrl}/spreadsheets/d/${source.sheetId}/export?format=csv&gid=${gid}`;
    const answer = await this.call(EXPORT, url, { accept: 'text/csv' });
    if (answer.status !== 200) throw faultOfStatus(answer.status);
    return readSheetCsv(answer.body, answer.headers['content-type'] ?? '');
  }

  private async ask<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    const url = `${this.settings.apiUrl}/v4/spreadsheets/${path}`;
    let answer = await this.call(API, url, await this.authorization());
    if (answer.status === 401) {
      this.token?.forget(); // it was revoked before its time
      answer = await this.call(API, url, await this.authorization());
    }
    if (answer.status !== 200) throw faultOfStatus(answer.status);
    const parsed = schema.safeParse(jsonOf(answer));
    if (!parsed.success) throw new SheetFault('malformed', 'Google answered JSON of another shape.');
    return parsed.data;
  }

  private async authorization(): Promise<Record<string, string>> {
    if (this.token === undefined)
      throw new SheetFault('not-shared', 'There is no service account to read the sheet with.');
    const token = await this.token.get().catch(rethrowAsFault);
    return { authorization: `Bearer ${token}`, accept: 'application/json' };
  }

  private call(
    policy: OutboundPolicy,
    url: string,
    headers: Record<string, string>,
  ): Promise<OutboundAnswer> {
    return this.outbound.request(policy, { url, headers }).catch(rethrowAsFault);
  }
}

function jsonOf({ body }: OutboundAnswer): unknown {
  try {
    return JSON.parse(body.toString()) as unknown;
  } catch {
    throw new SheetFault('malformed', 'Google answered no JSON.');
  }
}

function faultOfStatus(status: number): SheetFault {
  if (status === 401 || status === 403)
    return new SheetFault('not-shared', `The sheet is not shared with us (${status}).`);
  if (status === 404 || status === 400 || status === 410)
    return new SheetFault('gone', `Google has no such sheet or tab (${status}).`);
  return new SheetFault('malformed', `Google answered in a way that is not understood (${status}).`);
}

function rethrowAsFault(error: unknown): never {
  if (!(error instanceof OutboundError)) throw error;
  const { code, retryAfterMs } = error;
  if (code === OUTBOUND_ERROR.rateLimited || code === OUTBOUND_ERROR.budgetExhausted)
    throw new SheetFault('rate-limited', 'Google asks to be called less often.', retryAfterMs);
  if (code === OUTBOUND_ERROR.tooLarge)
    throw new SheetFault('too-large', `The tab has more than ${MOST_BYTES / 1_000_000} MB.`);
  if (code === OUTBOUND_ERROR.badRedirect || code === OUTBOUND_ERROR.blockedAddress)
    throw new SheetFault('not-shared', 'Google leads elsewhere: the sheet is not public.');
  throw new SheetFault('unavailable', 'Google does not answer.', retryAfterMs);
}
