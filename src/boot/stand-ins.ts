import type { Env } from '../platform/config/env.js';
import { SANDBOX_CLIENT } from '../identity/connections/built-in.providers.js';

/** What plays the part of a third party in this process. */
export interface StandIns {
  env: Env;
  /** Undefined where none was started. */
  oauthUrl: string | undefined;
  /** Likewise. */
  langfuseUrl: string | undefined;
  /** Likewise. */
  bungieUrl: string | undefined;
  stop(): Promise<void>;
}

interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

/** The stand-ins' keys are known to everybody, and open nothing but the stand-ins. */
const LANGFUSE_KEYS = { publicKey: 'pk-lf-stand-in', secretKey: 'sk-lf-stand-in' } as const;
const BUNGIE_CLIENT = { id: '10001', secret: 'secret-of-the-stand-in' } as const;
const BUNGIE_KEY = 'key-of-the-stand-in';

/**
 * A demonstration has a provider to sign in with and to connect to, a Langfuse to read and a Bungie.net to play at, without anybody's
 * registration. They are at the next ports, so that identities and positions outlast a restart; where one is taken, at any.
 */
export async function withStandIns(given: Env): Promise<StandIns> {
  const isDemo = given.nodeEnv === 'development' && given.isDemoSeeded && given.role === 'all';
  const started: StandIn[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((standIn) => standIn.close()));
  };
  try {
    let env = given;
    const oauth = isDemo && env.sandboxOauthUrl === undefined ? await openOauth(env) : undefined;
    if (oauth) started.push(oauth);
    const langfuse = isDemo && isReadingLangfuse(env) ? await openLangfuse(env) : undefined;
    if (langfuse) started.push(langfuse);
    const bungie = isDemo && isAskingBungie(env) ? await openBungie(env) : undefined;
    if (bungie) started.push(bungie);
    if (oauth) env = { ...env, sandboxOauthUrl: oauth.url };
    if (langfuse) env = { ...env, langfuse: [demoProject(langfuse.url)] };
    if (bungie) env = { ...env, bungie: { apiKey: BUNGIE_KEY, client: BUNGIE_CLIENT, baseUrl: bungie.url } };
    return {
      env: Object.freeze(env),
      oauthUrl: oauth?.url,
      langfuseUrl: langfuse?.url,
      bungieUrl: bungie?.url,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isReadingLangfuse({ langfuse, domains }: Env): boolean {
  return langfuse.length === 0 && domains.some((domain: string) => domain === 'agent-analytics');
}

function isAskingBungie({ bungie, domains }: Env): boolean {
  return bungie === undefined && domains.some((domain: string) => domain === 'destiny');
}

function demoProject(baseUrl: string): Env['langfuse'][number] {
  const since = new Date('2023-05-01T00:00:00Z');
  return { name: 'sandbox', ...LANGFUSE_KEYS, baseUrl, api: 'auto', plan: 'self-hosted', since };
}

async function openOauth(env: Env): Promise<StandIn> {
  const { openOauthSandbox } = await import('../sandbox/oauth/oauth-sandbox.js');
  const clients = [{ ...SANDBOX_CLIENT, redirectUris: [] }];
  return openNear(env, 1, (port) => openOauthSandbox({ clients, port }));
}

async function openLangfuse(env: Env): Promise<StandIn> {
  const { openLangfuseSandbox } = await import('../sandbox/langfuse/langfuse-sandbox.js');
  const { demoWorld } = await import('../sandbox/langfuse/story-world.js');
  const projects = [{ ...LANGFUSE_KEYS, world: demoWorld('sandbox', Date.now()) }];
  return openNear(env, 2, (port) => openLangfuseSandbox({ projects, port }));
}

async function openBungie(env: Env): Promise<StandIn> {
  const { openBungieSandbox } = await import('../sandbox/bungie/bungie-sandbox.js');
  const { shippedCatalog } = await import('../destiny/catalysts/catalog.reader.js');
  const { catalysts } = shippedCatalog();
  const clients = [{ ...BUNGIE_CLIENT, redirectUris: [] }];
  const bornMs = storyStartMs(new Date());
  return openNear(env, 3, (port) =>
    openBungieSandbox({ clients, apiKey: BUNGIE_KEY, catalysts, bornMs, port }),
  );
}

/** The same at each start of a year, so that players go on where they were; the year before until spring, so that they have a past. */
function storyStartMs(now: Date): number {
  return Date.UTC(now.getUTCMonth() < 3 ? now.getUTCFullYear() - 1 : now.getUTCFullYear(), 0, 1);
}

async function openNear(
  env: Env,
  offset: number,
  open: (port: number) => Promise<StandIn>,
): Promise<StandIn> {
  const port = env.port > 0 && env.port + offset <= 65_535 ? env.port + offset : 0;
  return open(port).catch((error: unknown) => {
    if (port === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return open(0);
  });
}
