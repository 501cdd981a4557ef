/**
 * Every writing operation that leaves no audit event, with the reason. A writing route that is not here and leaves none fails
 * audited-routes.spec.ts; adding one here is a decision that a reviewer sees.
 */
export const UNAUDITED_ROUTES: Readonly<Record<string, string>> = {
  'PUT /api/v1/market/games/{game}/servers/{server}/imports/{id}/parts/{part}':
    'a part of an upload has no effect by itself; the event of the start says how many parts there were',
  'POST /api/v1/market/games/{game}/servers/{server}/analytics/scanner/query':
    'a question with a rule that is too long for an address; it changes nothing',
  'POST /api/v1/market/games/{game}/servers/{server}/recipes/{id}/tree':
    'a question with a body, for the stock at hand; it changes nothing',
  'POST /api/v1/market/games/{game}/messages/read':
    'what somebody has read is their own note, written with every look at the messages; it changes nothing that others see',
  'POST /api/v1/market/games/{game}/servers/{server}/leveling-plans':
    'works out a plan and keeps nothing; it is a POST because its limits are a body',
  'POST /api/v1/auth/refresh':
    'a refresh changes nothing but the token, hundreds of times a day; a copied token ends the session, and that leaves an event',
  'POST /api/v1/auth/ws-ticket':
    'a ticket is a token of half a minute, and what is done with the socket leaves events',
  'POST /api/v1/auth/password-reset':
    'asks for a mail; nothing has changed before the code of it is used, which leaves an event',
  'POST /api/v1/connections/{provider}/authorize':
    "a way to a provider's page that nobody may come back from; its completion leaves the event",
  'POST /api/v1/auth/external/{provider}/start':
    "a way to a provider's page that nobody may come back from; coming back leaves the event",
  'POST /api/v1/account/identities/{provider}/link':
    "a way to a provider's page that nobody may come back from; its completion leaves the event",
  'POST /api/v1/market/games/{game}/servers/{server}/harvest-routes/optimize':
    'works out a route and keeps nothing; it is a POST because a list of wishes does not fit into an address',
  'POST /api/v1/market/games/{game}/servers/{server}/craft-plans':
    'works out a plan and keeps nothing; it is a POST because a stock does not fit into an address',
  'POST /api/v1/market/games/{game}/servers/{server}/backtests':
    'tries a rule on the past and keeps nothing; it is a POST because a rule does not fit into an address',
  'POST /api/v1/destiny/conversations/{id}/messages':
    'what somebody says to the agent, and what it answers, is their own talk; its run is kept with it',
  'POST /api/v1/destiny/runs/{id}/cancel':
    'stops the answering of a message of their own, which says so; there is nothing else to it',
  'POST /compat/destiny/agent/ask': 'answers a question and keeps nothing',
  'POST /compat/wisp/auth/validate': 'says that a token holds, and changes nothing',
  'POST /compat/wisp/api/v1/runs/{id}/route':
    'the places of a run, kept with the run, whose making leaves an event',
  'PUT /api/v1/running/runs/{id}/fixes':
    'the places of a run, second by second, kept with the run, whose start leaves an event',
  'POST /api/v1/running/runs/{id}/finish':
    'the end of what its start began, which the run itself tells from then on',
  'POST /api/v1/running/runs/{id}/events':
    'a press of a button while running, kept with the run like its places',
  'POST /api/v1/running/routes/match':
    'says what a way is to the routes there are, and keeps nothing; it is a POST because a way does not fit into an address',
  'POST /api/v1/running/plans/pacing':
    'works out how to run a course, and keeps nothing; what is kept of it is a ghost, whose making leaves an event',
  'POST /compat/destiny/api/voice-to-text': 'answers that there is no speech recognition',
  'POST /compat/destiny/auth/refresh': 'says that token and connection hold, and changes neither',
  'POST /compat/destiny/auth/callback':
    'brings home what a connection was begun with; the event is that of POST /api/v1/connections/{provider}/complete',
  'POST /compat/destiny/auth/bungie-callback':
    'brings home what a connection was begun with; the event is that of POST /api/v1/connections/{provider}/complete',
  'POST /api/v1/destiny/link/refresh':
    'reads what Bungie says once more; where that makes another membership the active one, it leaves an event',
  'DELETE /api/v1/tabletop/campaigns/{c}/recent-searches':
    "forgets the caller's own last questions, which nobody else ever sees",
  'POST /api/v1/destiny/sheets/{key}/refresh':
    "has copies of a public document read anew, once a minute at most for all callers; it changes nothing of anybody's",
  'POST /api/v1/agent-analytics/alerts/preview':
    'tries a rule on the past and keeps nothing; it is a POST because a rule does not fit into an address',
  'POST /api/v1/tabletop/tables/{id}/roll':
    'rolls dice; what of it is out of a deck is no change of what somebody has written, and shuffling it leaves an event',
  'POST /api/v1/destiny/rolls/evaluate':
    'judges rolls and keeps nothing; it is a POST because they do not fit into an address',
};

/** Routes with a body that only work something out: whoever may read may ask them, and they leave nothing behind. */
export const CALCULATIONS: readonly string[] = [
  'POST /api/v1/market/games/{game}/servers/{server}/recipes/{id}/tree',
  'POST /api/v1/market/games/{game}/servers/{server}/analytics/scanner/query',
  'POST /api/v1/market/games/{game}/servers/{server}/leveling-plans',
  'POST /api/v1/market/games/{game}/servers/{server}/harvest-routes/optimize',
  'POST /api/v1/market/games/{game}/servers/{server}/backtests',
  'POST /api/v1/agent-analytics/alerts/preview',
];
