import type { Env } from '../platform/config/env.js';
import { SANDBOX_CLIENT } from '../identity/connections/built-in.providers.js';

/** What plays the part of a third party in this process. */
export interface StandIns {
  env: Env;
  /** Undefined where none was started. */
  oauthUrl: string | undefined;
  stop(): Promise<void>;
}

/**
 * A demonstration has a provider to sign in with and to connect to without anybody's registration. It is at the next port, so
 * that identities outlast a restart; where that is taken, at any.
 */
export async function withStandIns(env: Env): Promise<StandIns> {
  const isDemo = env.nodeEnv === 'development' && env.isDemoSeeded && env.role === 'all';
  if (!isDemo || env.sandboxOauthUrl !== undefined)
    return { env, oauthUrl: undefined, stop: () => Promise.resolve() };
  const { openOauthSandbox } = await import('../sandbox/oauth/oauth-sandbox.js');
  const options = { clients: [{ ...SANDBOX_CLIENT, redirectUris: [] }] };
  const next = env.port > 0 && env.port < 65_535 ? env.port + 1 : 0;
  const sandbox = await openOauthSandbox({ ...options, port: next }).catch((error: unknown) => {
    if (next === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return openOauthSandbox({ ...options, port: 0 });
  });
  return {
    env: Object.freeze({ ...env, sandboxOauthUrl: sandbox.url }),
    oauthUrl: sandbox.url,
    stop: () => sandbox.close(),
  };
}
