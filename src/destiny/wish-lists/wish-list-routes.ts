/** Their bodies are text, longer than the parsers take; the room reads them by itself. */
export const WISH_LIST_ROUTES = [
  { method: 'POST', path: '/api/v1/destiny/wishlists', types: ['text/plain'] },
  { method: 'PUT', path: /^\/api\/v1\/destiny\/wishlists\/[^/]+$/, types: ['text/plain'] },
] as const;
