import { DomainError } from '../../http/domain-error.js';
import type { HookKind } from '../../notifications/channel-kinds.js';
import { judgeUrl } from '../../outbound/address-guard.js';
import { OPERATIONS_ERROR } from '../operations.errors.js';
import { URL_FAULTS } from '../url-faults.js';

/** What Discord shows in the settings of a channel, also in the spellings of its former name and of its test clients. */
const DISCORD_WEBHOOK =
  /^https:\/\/(?:(?:ptb|canary)\.)?(?:discord|discordapp)\.com\/api\/(?:v\d{1,2}\/)?webhooks\/(\d{5,25})\/([\w-]{20,120})\/?$/;

/** The URL that a channel of this kind is called at. @throws DomainError that says what is wrong with it */
export function targetUrl(kind: HookKind, text: string, isPrivateAllowed: boolean): URL {
  if (kind === 'discord') {
    const [, id, token] = DISCORD_WEBHOOK.exec(text) ?? [];
    if (id === undefined || token === undefined)
      throw refused('discord', 'The URL is not one of a webhook of Discord.');
    return new URL(`https://discord.com/api/webhooks/${id}/${token}`);
  }
  const judged = judgeUrl(text, isPrivateAllowed);
  if (judged.url === undefined) throw refused(judged.fault, URL_FAULTS[judged.fault]);
  return judged.url;
}

function refused(code: string, detail: string): DomainError {
  return new DomainError('unprocessable', OPERATIONS_ERROR.channelUrlRefused, detail, [
    { pointer: '/url', code, detail },
  ]);
}
