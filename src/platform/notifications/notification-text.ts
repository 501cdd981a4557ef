// What a notification looks like outside of the house.

export interface NotificationContent {
  readonly topic: string;
  readonly title: string;
  readonly body: string;
  readonly link: string | null;
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
