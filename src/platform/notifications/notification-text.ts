// What a notification looks like outside of the house.

export interface NotificationContent {
  readonly topic: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
}

/** A channel that has failed for too long. */
export interface DisabledChannel {
  readonly id: string;
  readonly kind: string;
  readonly label: string | null;
  readonly origin: string;
  readonly failuresInRow: number;
  readonly failingSince: Date | null;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
}

/** What its owner is told of it, by the ways that are left. */
export function channelNews({ id, kind, label, origin, failuresInRow, ...last }: DisabledChannel) {
  const { lastStatus, lastError } = last;
  const since = last.failingSince?.toISOString() ?? '';
  const name = label === null ? origin : `${label} (${origin})`;
  const answer = lastStatus === null ? 'It does not answer' : `It answers ${lastStatus}`;
  return {
    topic: 'platform.channel-disabled',
    key: `channel-disabled/${id}/${since}`,
    title: `Nothing is sent to ${name} any more`,
    body: `${failuresInRow} tries have failed since ${since}. ${answer}. Enable the channel once it works again: what is not older than a day is sent then.`,
    link: '/api/v1/notifications/channels',
    payload: { channelId: id, kind, label, origin, failuresInRow, lastStatus, lastError },
  };
}

/** Characters that Discord takes in one message. */
const MOST_DISCORD = 2_000;

/** A mail's subject is one line, whatever a title holds. */
export function toMail({ topic, title, body, link }: NotificationContent, origin: string | undefined) {
  const more = link === null || origin === undefined ? [] : ['', `${origin}${link}`];
  return {
    subject: title.replaceAll(/\s+/g, ' ').trim(),
    text: [
      body,
      ...more,
      '',
      `You get this because your preferences ask for ${topic} by mail. They are yours to change.`,
    ].join('\n'),
  };
}

/** Names in it come from anybody: marks that Discord would read are said, not done. */
export function toDiscord({ title, body }: NotificationContent): string {
  const text = `**${escaped(title)}**\n${escaped(body)}`;
  return text.length <= MOST_DISCORD ? text : `${text.slice(0, MOST_DISCORD - 1).toWellFormed()}…`;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\*_~`|>[\]()#@<]/g, '\\$&');
}
