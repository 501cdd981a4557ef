import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { packageRoot } from './package-root.js';
import { StartupError } from './startup-error.js';

// Which Google sheets of the community are read, and as whom: a part of the one schema of the environment. Only sheets that stand here are
// ever read: nobody who asks can name another.

export interface SheetSource {
  /** Ours: part of addresses. */
  readonly key: string;
  readonly title: string;
  /** Google's id of the spreadsheet. */
  readonly sheetId: string;
  /** Ids of tabs by their titles: they are read as anybody may, by CSV export. Undefined = through the API, by the service account. */
  readonly gids: ReadonlyMap<string, number> | undefined;
  /** Through the API: only these tabs; undefined = all. */
  readonly tabs: readonly string[] | undefined;
}

/** A key of Google's that signs for a machine. */
export interface ServiceAccount {
  readonly clientEmail: string;
  readonly privateKey: string;
  readonly privateKeyId: string | undefined;
  readonly tokenUrl: string;
}

export interface SheetsSettings {
  readonly sources: readonly SheetSource[];
  readonly account: ServiceAccount | undefined;
  /** Of the API, without a slash at the end. */
  readonly apiUrl: string;
  /** Of the CSV export, likewise. */
  readonly docsUrl: string;
}

const webUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const title = z.string().trim().min(1).max(100);

const sourceSchema = z
  .strictObject({
    key: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes'),
    title,
    sheetId: z.string().regex(/^[A-Za-z0-9_-]{10,100}$/, 'must be the id in the address of the sheet'),
    gids: z.record(title, z.int().min(0)).optional(),
    tabs: z.array(title).min(1).max(100).optional(),
  })
  .refine(({ gids, tabs }) => gids === undefined || tabs === undefined, 'takes gids or tabs, not both')
  .refine(({ gids }) => gids === undefined || Object.keys(gids).length > 0, 'names no gids');

const accountSchema = z.object({
  client_email: z.email().max(320),
  private_key: z.string().regex(/^-----BEGIN [A-Z ]*PRIVATE KEY-----/, 'is no private key in PEM'),
  private_key_id: z.string().max(200).optional(),
  token_uri: webUrl.default('https://oauth2.googleapis.com/token'),
});

export const SHEETS_VARIABLES = {
  DESTINY_SHEETS: z
    .string()
    .transform((text, context): SheetSource[] => {
      const parsed = z.array(sourceSchema).max(50).safeParse(parseJson(text));
      if (parsed.success)
        return parsed.data.map(({ gids, tabs, ...source }) => ({
          ...source,
          gids: gids && new Map(Object.entries(gids)),
          tabs,
        }));
      const faults = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
      context.addIssue({ code: 'custom', message: `must be a JSON list of sheets (${faults.join('; ')})` });
      return z.NEVER;
    })
    .default([]),
  GOOGLE_SERVICE_ACCOUNT_FILE: z.string().min(1).optional(),
  GOOGLE_SERVICE_ACCOUNT_JSON: z.string().min(1).optional(),
  GOOGLE_SHEETS_URL: webUrl.default('https://sheets.googleapis.com'),
  GOOGLE_DOCS_URL: webUrl.default('https://docs.google.com'),
};

type Given = z.output<z.ZodObject<typeof SHEETS_VARIABLES>>;

/** @throws StartupError for two sheets of one key, an account that cannot be read, or a sheet that needs one where there is none */
export function sheetsSettings(given: Given): SheetsSettings {
  const sources = given.DESTINY_SHEETS;
  const account = serviceAccount(given);
  if (new Set(sources.map(({ key }) => key)).size < sources.length)
    throw new StartupError('DESTINY_SHEETS names two sheets by one key.');
  const needy = sources.find(({ gids }) => gids === undefined);
  if (needy !== undefined && account === undefined)
    throw new StartupError(
      `The sheet ${needy.key} of DESTINY_SHEETS needs gids (a public sheet) or GOOGLE_SERVICE_ACCOUNT_FILE.`,
    );
  return { sources, account, apiUrl: given.GOOGLE_SHEETS_URL, docsUrl: given.GOOGLE_DOCS_URL };
}

/** What would send a token or a question in the clear, by name; production refuses it. */
export function sheetsUrls(settings: SheetsSettings): (readonly [name: string, url: string | undefined])[] {
  return [
    ['GOOGLE_SHEETS_URL', settings.apiUrl],
    ['GOOGLE_DOCS_URL', settings.docsUrl],
    ['The token_uri of the service account', settings.account?.tokenUrl],
  ];
}

function serviceAccount(given: Given): ServiceAccount | undefined {
  const { GOOGLE_SERVICE_ACCOUNT_FILE: file, GOOGLE_SERVICE_ACCOUNT_JSON: json } = given;
  if (file !== undefined && json !== undefined)
    throw new StartupError('GOOGLE_SERVICE_ACCOUNT_FILE and GOOGLE_SERVICE_ACCOUNT_JSON: set one of them.');
  if (file === undefined && json === undefined) return undefined;
  const name = file === undefined ? 'GOOGLE_SERVICE_ACCOUNT_JSON' : 'GOOGLE_SERVICE_ACCOUNT_FILE';
  const parsed = accountSchema.safeParse(parseJson(json ?? readKeyFile(file!)));
  // Says which fields are wrong and never what they hold.
  if (!parsed.success) {
    const fields = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole');
    throw new StartupError(`${name} is not the JSON key of a service account (${fields.join(', ')}).`);
  }
  const { client_email, private_key, private_key_id, token_uri } = parsed.data;
  return {
    clientEmail: client_email,
    privateKey: private_key,
    privateKeyId: private_key_id,
    tokenUrl: token_uri,
  };
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(resolve(packageRoot(), file), 'utf8');
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new StartupError(`GOOGLE_SERVICE_ACCOUNT_FILE cannot be read (${code}).`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
