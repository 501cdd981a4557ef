/** As Discord shows it in the settings of a channel; ids and tokens alone are of interest, so that nothing else can be called with one. */
const WEBHOOK = /^https:\/\/discord\.com\/api\/webhooks\/(\d{5,25})\/([\w-]{20,120})\/?$/;

export interface DiscordWebhookUrl {
  readonly href: string;
  readonly lastFour: string;
}

/** @returns null for anything but a webhook of Discord */
export function readDiscordWebhookUrl(text: string): DiscordWebhookUrl | null {
  const [, id, token] = WEBHOOK.exec(text.trim()) ?? [];
  if (id === undefined || token === undefined) return null;
  return { href: `https://discord.com/api/webhooks/${id}/${token}`, lastFour: token.slice(-4) };
}
