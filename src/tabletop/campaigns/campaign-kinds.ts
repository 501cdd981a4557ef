/** What somebody is at a campaign's table, from least to most. */
export const SEAT_ROLES = ['observer', 'player', 'gm'] as const;
export type SeatRole = (typeof SEAT_ROLES)[number];

/** Whether a role may do what at least another one may. */
export function isAtLeast(role: SeatRole, least: SeatRole): boolean {
  return SEAT_ROLES.indexOf(role) >= SEAT_ROLES.indexOf(least);
}

/** Rules of a game for which sheets are checked; `generic` takes any. */
export const GAME_SYSTEMS = ['dnd5e', 'generic'] as const;
export type GameSystem = (typeof GAME_SYSTEMS)[number];

/** Of the campaign's texts: which words PostgreSQL takes for the same. */
export const CAMPAIGN_LANGUAGES = ['en', 'de', 'es', 'fr', 'it', 'nl', 'pt', 'simple'] as const;
export type CampaignLanguage = (typeof CAMPAIGN_LANGUAGES)[number];

/** Names of PostgreSQL's text search configurations. */
export const TEXT_CONFIGURATION: Readonly<Record<CampaignLanguage, string>> = Object.freeze({
  en: 'english',
  de: 'german',
  es: 'spanish',
  fr: 'french',
  it: 'italian',
  nl: 'dutch',
  pt: 'portuguese',
  simple: 'simple',
});

/** Which language models may read of the campaign: none, those of this machine or its network, or any that is configured. */
export const AI_POLICIES = ['off', 'local', 'any'] as const;
export type AiPolicy = (typeof AI_POLICIES)[number];
