/**
 * First keys of the two-key advisory locks, one per purpose, so that two rooms never lock each other by accident. The second
 * key is the object: a server, a game. Locks are taken in the order of this list, never backwards.
 */
export const ADVISORY_LOCK = {
  embeddedServer: 7_001,
  migrations: 7_002,
  /** One worker seals audit events. */
  auditSeals: 7_003,
  marketServerLane: 7_101,
  marketCatalog: 7_102,
  /** Taken inside market.ensure_observation_partitions and market.detach_observation_partition. */
  marketPartitions: 7_103,
  marketRollups: 7_104,
  marketFigures: 7_105,
  /** Of a user: whoever adds an alert counts those there are. */
  marketAlerts: 7_120,
  /** Taken inside agent_analytics.ensure_payload_months and agent_analytics.drop_payload_months. */
  agentPayloads: 7_106,
  /** Of a project: shared by who stores a page, exclusive for an erasure of texts. */
  agentErasures: 7_108,
  /** Of a project: one rebuild of derived rows at a time; and whoever wipes such rows, which no rebuild then has in hand. */
  agentFigures: 7_107,
  /** Of a user: whoever adds an alert of agents counts those there are. */
  agentAlerts: 7_121,
  /** Of an account: whoever adds a wish list of Destiny counts those there are. */
  destinyWishLists: 7_131,
  /** Of an account: whoever adds a link of Destiny counts those there are. */
  destinyShares: 7_132,
  /** Of an account: whoever adds a profile or a list counts those there are. */
  marketOwner: 7_184,
  /** Of an account and a server: shared by who writes the stock of one profile, exclusive for all of them. */
  marketStocks: 7_185,
  /** Of an account, a server and a profile: one write of a stock at a time. */
  marketStock: 7_186,
  /** Of a user: whoever adds a conversation or starts a run counts those there are. */
  destinyConversations: 7_191,
  /** Of a runner: numbers of changes of runs become visible in their order. */
  runningChanges: 7_195,
  /** Shared by who inserts fixes, exclusive for a moment by who is about to fold some. */
  runningFixes: 7_196,
  /** Of a runner: whoever adds a route or takes one away; two runs over a new way make one. */
  runningRoutes: 7_199,
  /** Of a runner: whoever adds a ghost, or a race, counts those there are. */
  runningGhosts: 7_197,
  runningRaces: 7_198,
  /** Of a runner: whoever adds an import counts those there are. */
  runningImports: 7_199,
  /** Of a campaign and the other side's name of a sheet: whoever brings it sees whether it is there. */
  tabletopImports: 7_701,
  /** Of a job's name and dedup key: shared by who enqueues, exclusive for the start. */
  jobDedupKey: 7_201,
  /** Of a source: whoever takes a run up sees what others are doing. */
  syncSource: 7_211,
  identitySigningKeys: 7_301,
  /** Whoever asks for an import of the manifest sees which there are. */
  destinyManifest: 7_600,
  /** Taken inside destiny.create_manifest_partition and destiny.drop_manifest_partition. */
  destinyPartitions: 7_601,
  /** Of a campaign: whoever moves a place, or lets a thread wait for another, sees what others have done. */
  tabletopTree: 7_801,
  /** Of a campaign: whoever numbers a session sees which numbers there are. */
  tabletopSessions: 7_802,
  /** Of a user: one upload after the other is counted. */
  storageQuota: 7_401,
  /** Whoever adds a webhook counts those there are. */
  webhooks: 7_501,
  /** Of a user, likewise. */
  notificationChannels: 7_502,
} as const;
