import type { Env } from '../platform/config/env.js';
import { SANDBOX_CLIENT } from '../identity/connections/built-in.providers.js';

/** What plays the part of a third party in this process. */
export interface StandIns {
  env: Env;
  /** Undefined where none was started. */
  oauthUrl: string | undefined;
  /** Likewise. */
  langfuseUrl: string | undefined;
  stop(): Promise<void>;
}

interface StandIn {
  readonly url: string;
  close(): Promise<void>;
}

/** The stand-in's keys are known to everybody, and open nothing but the stand-in. */
const LANGFUSE_KEYS = { publicKey: 'pk-lf-stand-in', secretKey: 'sk-lf-stand-in' } as const;

/**
 * A demonstration has a provider to sign in with and to connect to, and a Langfuse to read, without anybody's registration. They are at
 * the next ports, so that identities and positions outlast a restart; where one is taken, at any.
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
    if (oauth) env = { ...env, sandboxOauthUrl: oauth.url };
    if (langfuse) env = { ...env, langfuse: [demoProject(langfuse.url)] };
    return { env: Object.freeze(env), oauthUrl: oauth?.url, langfuseUrl: langfuse?.url, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function isReadingLangfuse({ langfuse, domains }: Env): boolean {
  return langfuse.length === 0 && domains.some((domain: string) => domain === 'agent-analytics');
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
