/**
 * Every writing operation that leaves no audit event, with the reason. A writing route that is not here and leaves none fails
 * audited-routes.spec.ts; adding one here is a decision that a reviewer sees.
 */
export const UNAUDITED_ROUTES: Readonly<Record<string, string>> = {
  'PUT /api/v1/market/games/{game}/servers/{server}/imports/{id}/parts/{part}':
    'a part of an upload has no effect by itself; the event of the start says how many parts there were',
};
