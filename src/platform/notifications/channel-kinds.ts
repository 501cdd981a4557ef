// By which ways an account can be told, and which of them it is told by when it has said nothing: in the house always, by what it
// has set up for that purpose too, by mail only when asked for.

export const CHANNEL_KINDS = ['in-app', 'webhook', 'mail', 'discord'] as const;
export type ChannelKind = (typeof CHANNEL_KINDS)[number];
/** Those that an account adds by their address. */
export const HOOK_KINDS = ['webhook', 'discord'] as const;
export type HookKind = (typeof HOOK_KINDS)[number];

/** Preferences for everything that has none of its own. */
export const EVERY_TOPIC = '*';

const DEFAULTS: Readonly<Record<ChannelKind, boolean>> = {
  'in-app': true,
  webhook: true,
  mail: false,
  discord: true,
};

export interface Preference {
  readonly topic: string;
  readonly channel: ChannelKind;
  readonly isEnabled: boolean;
}

/** The channels that a topic takes: its own preference counts before the one for every topic, that one before the default. */
export function channelsOf(topic: string, preferences: readonly Preference[]): ReadonlySet<ChannelKind> {
  const said = (channel: ChannelKind, about: string): boolean | undefined =>
    preferences.find((one) => one.topic === about && one.channel === channel)?.isEnabled;
  return new Set(
    CHANNEL_KINDS.filter(
      (channel) => said(channel, topic) ?? said(channel, EVERY_TOPIC) ?? DEFAULTS[channel],
    ),
  );
}
