import { z } from 'zod';
import { StartupError } from './startup-error.js';

// Which projects of which Langfuse are read: a part of the one schema of the environment. One project by its three plain variables,
// or several by a JSON list; each has a name of its own, under which its rows and positions are kept for good.

export const LANGFUSE_APIS = ['auto', 'legacy', 'v2'] as const;
export const LANGFUSE_PLANS = ['self-hosted', 'hobby', 'core', 'pro'] as const;

export interface LangfuseProject {
  /** Ours, not Langfuse's. */
  readonly name: string;
  readonly publicKey: string;
  readonly secretKey: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly api: (typeof LANGFUSE_APIS)[number];
  /** What may be called how often; `pro` is every dearer plan too. */
  readonly plan: (typeof LANGFUSE_PLANS)[number];
  /** Nothing older is read. */
  readonly since: Date;
}

const webUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''));
const key = z
  .string()
  .min(8)
  .max(200)
  .regex(/^[\x21-\x39\x3b-\x7e]+$/, 'must be printable ASCII without blanks and colons');
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,59}$/, 'must be lower-case letters, digits, dots and dashes');
const day = z.iso.date().transform((text) => new Date(`${text}T00:00:00Z`));
const api = z.enum(LANGFUSE_APIS);
const plan = z.enum(LANGFUSE_PLANS);

const projectSchema = z.strictObject({
  name,
  publicKey: key,
  secretKey: key,
  baseUrl: webUrl.optional(),
  api: api.optional(),
  plan: plan.optional(),
  since: day.optional(),
});

/** Says what is wrong and never repeats a value. */
const projectsSchema = z.string().transform((text, context): z.output<typeof projectSchema>[] => {
  const parsed = z.array(projectSchema).max(50).safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => [...path, message].join(' '));
  context.addIssue({ code: 'custom', message: `must be a JSON list of projects (${faults.join('; ')})` });
  return z.NEVER;
});

export const LANGFUSE_VARIABLES = {
  LANGFUSE_PUBLIC_KEY: key.optional(),
  LANGFUSE_SECRET_KEY: key.optional(),
  LANGFUSE_BASE_URL: webUrl.default('https://cloud.langfuse.com'),
  LANGFUSE_PROJECT: name.default('default'),
  LANGFUSE_API: api.default('auto'),
  LANGFUSE_PLAN: plan.optional(),
  LANGFUSE_SINCE: day.default(new Date('2023-05-01T00:00:00Z')),
  LANGFUSE_PROJECTS: projectsSchema.default([]),
  SYNC_INTERVAL_SECONDS: z.coerce.number().int().min(10).max(86_400).default(300),
};

type Given = z.output<z.ZodObject<typeof LANGFUSE_VARIABLES>>;

/** The project of the plain variables, then those of the list, which take from the plain ones what they leave out. @throws StartupError */
export function langfuseProjects(given: Given): readonly LangfuseProject[] {
  const { LANGFUSE_PUBLIC_KEY: publicKey, LANGFUSE_SECRET_KEY: secretKey } = given;
  if ((publicKey === undefined) !== (secretKey === undefined))
    throw new StartupError('LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY come together: set both or neither.');
  const plain =
    publicKey === undefined || secretKey === undefined
      ? []
      : [{ name: given.LANGFUSE_PROJECT, publicKey, secretKey }];
  const projects = [...plain, ...given.LANGFUSE_PROJECTS].map((project): LangfuseProject => {
    const own: Partial<z.output<typeof projectSchema>> = project;
    const baseUrl = own.baseUrl ?? given.LANGFUSE_BASE_URL;
    return {
      name: project.name,
      publicKey: project.publicKey,
      secretKey: project.secretKey,
      baseUrl,
      api: own.api ?? given.LANGFUSE_API,
      plan: own.plan ?? given.LANGFUSE_PLAN ?? planOf(baseUrl),
      since: own.since ?? given.LANGFUSE_SINCE,
    };
  });
  if (new Set(projects.map((project) => project.name)).size < projects.length)
    throw new StartupError(
      'LANGFUSE_PROJECTS names two projects alike; LANGFUSE_PROJECT names the plain one.',
    );
  return projects;
}

/** Langfuse's own servers have limits, and the least of them unless told otherwise; servers of one's own have none. */
function planOf(baseUrl: string): LangfuseProject['plan'] {
  return /(?:^|\.)langfuse\.com$/.test(new URL(baseUrl).hostname) ? 'hobby' : 'self-hosted';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
