import type { Env } from '../platform/config/env.js';
import { productVersion } from '../platform/config/product-version.js';
import type { DatabasePlace } from './database-target.js';
import type { StandIns } from './stand-ins.js';
import { DEMO_EMAIL, type MadeUpTokens } from './made-up-tokens.js';

/** What a newcomer needs to see: where to go, with which token, and what here is not the real thing. */
export function banner(
  env: Env,
  url: string,
  place: DatabasePlace,
  tokens: MadeUpTokens,
  { oauthUrl, langfuseUrl, bungieUrl }: Pick<StandIns, 'oauthUrl' | 'langfuseUrl' | 'bungieUrl'>,
): string {
  const isServing = env.role !== 'worker';
  const lines = [
    `Guildhall ${productVersion()} (${env.nodeEnv}, role ${env.role}, domains ${env.domains.join(', ')})`,
    `  ${isServing ? 'API      ' : 'worker   '} ${url}`,
    ...(isServing ? [`  Swagger   ${url}/docs`] : []),
    `  health    ${url}/health`,
    `  database  ${place.description}`,
  ];
  for (const [title, token] of [
    ['token    ', isServing ? tokens.demoToken : undefined],
    ['admin    ', tokens.adminToken],
  ] as const) {
    if (token !== undefined)
      lines.push(`  ${title} ${token}   (development only; Authorization: Bearer <token>)`);
  }
  if (tokens.demoPassword !== undefined)
    lines.push(`  sign-in   ${DEMO_EMAIL}   password ${tokens.demoPassword}   (POST /api/v1/auth/sign-in)`);
  if (env.isDemoSeeded)
    lines.push(
      '  prices    SIMULATED: made up for the demonstration; prices and raw series say isSimulated, figures are made of them',
    );
  if (oauthUrl !== undefined)
    lines.push(
      `  sandbox   OAuth stand-in at ${oauthUrl}, provider "sandbox": lets in whoever login_hint names`,
    );
  if (langfuseUrl !== undefined)
    lines.push(
      `  sandbox   Langfuse stand-in at ${langfuseUrl}: INVENTED plays, set LANGFUSE_PUBLIC_KEY for real ones`,
    );
  if (bungieUrl !== undefined)
    lines.push(
      `  sandbox   Bungie stand-in at ${bungieUrl}: INVENTED players, set BUNGIE_API_KEY for real ones`,
    );
  if (isServing && env.compatDofusAnonymous !== 'off') {
    lines.push('  compat    /compat/dofus is open without a token (COMPAT_DOFUS_ANONYMOUS)');
    if (!isLoopback(env.host)) lines.push(`  WARNING   and ${env.host} can be reached from other machines`);
  }
  if (isServing && env.domains.includes('agent-analytics') && env.compatCupidAnonymous !== 'off') {
    lines.push('  compat    /compat/cupid is open without a token (COMPAT_CUPID_ANONYMOUS)');
    if (!isLoopback(env.host)) lines.push(`  WARNING   and ${env.host} can be reached from other machines`);
  }
  if (isServing && env.domains.includes('destiny') && env.compatDestinyAnonymous !== 'off')
    lines.push(
      '  compat    /compat/destiny tells strangers what is the same for all (COMPAT_DESTINY_ANONYMOUS)',
    );
  return `${lines.join('\n')}\n`;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
