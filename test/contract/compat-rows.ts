import { INGEST_TOKEN } from '../support/server-process.js';
import { CRON, DATA, INGEST, MARKET, minutesAgo, point, USER } from './compat-calls.js';

// Every call of the original's clients, one row each, in an order in which each finds what it needs. A row says what is sent and
// which statuses the original may answer it with.

/** What the calls are about; those that make something keep its id here. */
export interface CompatWorld {
  /** An item with a recipe and with prices on `server`, and the id of that recipe. */
  itemId: number;
  itemName: string;
  recipeId: number;
  ingredientId: number;
  server: string;
  observationId: number;
  profileId: string;
  listId: string;
  messageId: string;
}

export interface CompatRow {
  /** As in the table of the contract. */
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: (world: CompatWorld) => string;
  body?: (world: CompatWorld) => unknown;
  /** Whether the client sends its token; most calls do without. */
  hasToken?: boolean;
  statuses: number[];
  // The contract is what is being checked, so the body is whatever came.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  keep?: (world: CompatWorld, body: any) => void;
}

export const TOKEN = { Authorization: `Bearer ${INGEST_TOKEN}` };
const dayAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const span = (days: number): string => `from=${dayAgo(days)}&to=${dayAgo(0)}`;
const text = (value: string): string => encodeURIComponent(value);

type Query = string | ((world: CompatWorld) => string);
const at =
  (address: string, query: Query) =>
  (world: CompatWorld): string =>
    `${address}?${typeof query === 'string' ? query : query(world)}`;
/** The same on every day. */
const nameOf = (query: Query): string =>
  (typeof query === 'string' ? query : query(NAMELESS)).replace(/from=[\d-]+&to=[\d-]+/, 'from&to');
const read = (address: string, query: Query, more: Partial<CompatRow> = {}): CompatRow => ({
  name: `GET ${nameOf(query)}`,
  method: 'GET',
  path: at(address, query),
  statuses: [200],
  ...more,
});
const write = (
  method: 'POST' | 'PUT' | 'DELETE',
  address: string,
  query: Query,
  body: ((world: CompatWorld) => unknown) | undefined,
  more: Partial<CompatRow> = {},
): CompatRow => ({
  name: `${method} ${nameOf(query)}`,
  method,
  path: at(address, query),
  ...(body && { body }),
  statuses: [200],
  ...more,
});

/** For the names of rows. */
const NAMELESS: CompatWorld = {
  itemId: 0,
  itemName: 'item',
  recipeId: 0,
  ingredientId: 0,
  server: 'server',
  observationId: 0,
  profileId: 'profile',
  listId: 'list',
  messageId: 'message',
};

const onServer = (query: string): Query => `${query}&server=Hell+Mina`;

const INGEST_ROWS: CompatRow[] = [
  {
    name: 'POST /api/ingest',
    method: 'POST',
    path: () => INGEST,
    body: ({ itemName, server }) => [
      point({ item_name: itemName, server, captured_at: minutesAgo(30), price_unit_avg: 120 }),
    ],
    hasToken: true,
    statuses: [201],
    keep: (world, { ids }) => (world.observationId = (ids as number[])[0]!),
  },
];

const DATA_ROWS: CompatRow[] = [
  read(DATA, 'resource=items'),
  read(DATA, 'resource=items&search=bl%C3%A9&server=Hell+Mina&category=resource'),
  read(
    DATA,
    onServer(
      'resource=items&mode=market&page=1&pageSize=50&sortBy=price&sortOrder=desc&search=a&category=resource&minPrice=1&maxPrice=9999&filterItems=a%2Cb',
    ),
  ),
  read(DATA, 'resource=items&mode=search&search=epee&limit=10'),
  read(DATA, ({ itemName }) => `resource=items&mode=details&item_name=${text(itemName)}&server=Hell+Mina`),
  read(DATA, 'resource=items&mode=servers'),
  read(DATA, ({ itemId }) => `resource=items&mode=usage_stats&id=${itemId}`),
  read(
    DATA,
    ({ itemName }) => `resource=items&mode=stats&item=${text(itemName)}&server=Hell+Mina&${span(30)}`,
    {
      name: 'GET resource=items&mode=stats',
      hasToken: true,
    },
  ),
  write(
    'PUT',
    DATA,
    'resource=items',
    ({ itemName, server }) => ({
      old_item_name: itemName,
      new_item_name: itemName,
      server,
      category: 'zz Rows',
    }),
    { hasToken: true },
  ),
  write('POST', DATA, 'resource=items&type=icon', () => ({}), { statuses: [200, 400] }),
  read(DATA, 'resource=categories'),
  read(DATA, 'resource=recipes&mode=jobs'),
  read(DATA, onServer('resource=recipes&min_level=0&max_level=200&limit=50&offset=0&sort_by=margin_desc')),
  read(DATA, ({ recipeId }) => `resource=recipes&server=Hell+Mina&id=${recipeId}`),
  read(DATA, ({ itemId }) => `resource=recipes&server=Hell+Mina&item_id=${itemId}`),
  read(
    DATA,
    ({ itemName }) =>
      `resource=recipes&mode=usage&server=Hell+Mina&item_name=${text(itemName)}&limit=20&offset=0`,
  ),
  write(
    'POST',
    DATA,
    'resource=recipes',
    ({ itemId, ingredientId }) => ({
      result_item_id: itemId,
      ingredients: [{ item_id: ingredientId, quantity: 2 }],
    }),
    { hasToken: true },
  ),
  read(DATA, 'resource=known_items'),
  write('POST', DATA, 'resource=known_items', () => ({
    gid: 988_001,
    name: 'zz of a row',
    category: 'zz Rows',
  })),
  read(DATA, onServer('resource=consumables')),
  read(DATA, onServer('resource=toolbox&mode=consumables')),
  read(DATA, onServer('resource=toolbox&mode=almanax')),
  write(
    'POST',
    DATA,
    'resource=toolbox&mode=leveling',
    ({ server }) => ({ job_id: 11, from_level: 1, to_level: 3, server, penalty_mode: 'none' }),
    { statuses: [200, 404] },
  ),
  read(DATA, 'resource=harvest&mode=jobs'),
  read(DATA, 'resource=harvest&mode=resources&jobIds=2%2C24&levelMin=1&levelMax=100'),
  read(DATA, 'resource=harvest&mode=subareas&resourceIds=289%2C303'),
  read(DATA, 'resource=harvest&mode=map_positions&subareaIds=1%2C2'),
  read(DATA, 'resource=harvest&mode=maps_grid&minX=-5&maxX=5&minY=-20&maxY=-10'),
  write('POST', DATA, 'resource=harvest&mode=optimize', () => ({
    resourceIds: [289],
    startX: 0,
    startY: 0,
    maxMoves: 5,
  })),
  read(DATA, 'resource=harvest&mode=routes', { hasToken: true, statuses: [200, 401, 403] }),
];

const FIGURES = 'limit=20&min_price=1&max_price=100000&filterItems=a%2Cb';
const MARKET_ROWS: CompatRow[] = [
  read(MARKET, `resource=market&type=index&server=Hell+Mina&${span(30)}`, { hasToken: true }),
  read(MARKET, `resource=market&type=movers&server=Hell+Mina&${span(7)}&order=abs&${FIGURES}`, {
    hasToken: true,
  }),
  read(MARKET, `resource=market&type=volatility&server=Hell+Mina&${span(90)}&order=desc&${FIGURES}`, {
    hasToken: true,
  }),
  read(MARKET, `resource=market&type=opportunities&server=Hell+Mina&${span(30)}&${FIGURES}`, {
    hasToken: true,
  }),
  read(MARKET, `resource=market&type=sell-opportunities&server=Hell+Mina&${span(365)}&${FIGURES}`, {
    hasToken: true,
  }),
  read(
    MARKET,
    ({ itemName }) => `resource=market&type=stats&item=${text(itemName)}&server=Hell+Mina&${span(30)}`,
    {
      hasToken: true,
    },
  ),
  read(
    MARKET,
    onServer(
      'resource=analysis&type=scanner&min_price=1&max_price=1000&min_profit=1&min_margin=1&freshness=24&min_volatility=0&max_volatility=100&categories=resource&limit=50&period=7&filter_items=a%2Cb',
    ),
    { hasToken: true },
  ),
  read(
    MARKET,
    onServer(
      'resource=analysis&type=trends&period=30&trend_type=bullish&limit=50&categories=resource&filter_items=a',
    ),
    { hasToken: true },
  ),
  read(MARKET, ({ itemName }) => `resource=timeseries&item=${text(itemName)}&server=Hell+Mina&${span(30)}`, {
    hasToken: true,
  }),
  read(MARKET, ({ itemName }) => `resource=timeseries&item=${text(itemName)}&server=Hell+Mina`, {
    hasToken: true,
  }),
  write(
    'POST',
    MARKET,
    'resource=observations',
    ({ itemName, server }) => ({
      item_name: itemName,
      server,
      captured_at: minutesAgo(10).replace('456Z', 'Z'),
      price_unit_avg: 130,
    }),
    { hasToken: true, keep: (world, { data }) => (world.observationId = (data as { id: number }).id) },
  ),
  write(
    'PUT',
    MARKET,
    'resource=observations',
    ({ observationId }) => ({ id: observationId, price_unit_avg: 140 }),
    { hasToken: true },
  ),
  write('DELETE', MARKET, 'resource=observations', ({ observationId }) => ({ id: observationId }), {
    hasToken: true,
  }),
];

const USER_ROWS: CompatRow[] = [
  write('POST', USER, 'resource=profiles', () => ({ name: 'zz of the rows' }), {
    statuses: [201],
    keep: (world, { id }) => (world.profileId = id as string),
  }),
  read(USER, 'resource=profiles'),
  read(USER, ({ profileId }) => `resource=profiles&mode=favorites&profileId=${profileId}`),
  write('POST', USER, 'resource=profiles&mode=favorites', ({ profileId, itemName }) => ({
    profileId,
    itemName,
  })),
  // The README names this form; the code has the one above.
  read(USER, ({ profileId }) => `resource=favorites&profileId=${profileId}`),
  write('POST', USER, 'resource=favorites', ({ profileId, itemName }) => ({ profileId, itemName })),
  write('DELETE', USER, 'resource=favorites', ({ profileId, itemName }) => ({ profileId, itemName })),
  write('DELETE', USER, 'resource=profiles&mode=favorites', ({ profileId, itemName }) => ({
    profileId,
    itemName,
  })),
  write(
    'POST',
    USER,
    'resource=lists',
    ({ profileId }) => ({ name: 'zz list', scope: 'private', profileId }),
    { statuses: [200, 201], keep: (world, { id }) => (world.listId = id as string) },
  ),
  read(USER, ({ profileId }) => `resource=lists&profileId=${profileId}&server=Hell+Mina&range=30d`),
  read(USER, ({ listId }) => `resource=lists&id=${listId}&server=Hell+Mina&range=30d`),
  write('PUT', USER, 'resource=lists', ({ listId, profileId }) => ({
    id: listId,
    name: 'zz renamed',
    profileId,
  })),
  write(
    'POST',
    USER,
    'resource=lists&mode=items',
    ({ listId, itemId }) => ({ listId, itemId, quantity: 2 }),
    {
      statuses: [200, 201],
    },
  ),
  write('PUT', USER, 'resource=lists&mode=items', ({ listId, itemId }) => ({ listId, itemId, quantity: 3 })),
  write(
    'DELETE',
    USER,
    ({ listId, itemId }) => `resource=lists&mode=items&listId=${listId}&itemId=${itemId}`,
    undefined,
  ),
  write('DELETE', USER, ({ listId }) => `resource=lists&id=${listId}`, undefined, {
    statuses: [200, 204],
  }),
  write('POST', USER, 'resource=messages', ({ profileId }) => ({ profileId, content: 'zz words' }), {
    statuses: [201],
    keep: (world, { id }) => (world.messageId = id as string),
  }),
  read(USER, ({ profileId }) => `resource=messages&limit=50&offset=0&readerProfileId=${profileId}`),
  read(USER, ({ profileId }) => `resource=messages&mode=unread-count&readerProfileId=${profileId}`),
  write('POST', USER, 'resource=messages&mode=mark-read', ({ profileId, messageId }) => ({
    readerProfileId: profileId,
    messageIds: [messageId],
  })),
  write('POST', USER, 'resource=messages&mode=mark-all-read', ({ profileId }) => ({
    readerProfileId: profileId,
  })),
  write('PUT', USER, 'resource=messages', ({ messageId, profileId }) => ({
    id: messageId,
    profileId,
    content: 'zz other words',
  })),
  write(
    'DELETE',
    USER,
    ({ messageId, profileId }) => `resource=messages&id=${messageId}&profileId=${profileId}`,
    undefined,
    { statuses: [200, 204] },
  ),
  write(
    'POST',
    USER,
    'resource=bank',
    ({ server, profileId }) => ({
      server,
      profileId,
      items: [{ gid: 289, quantity: 10 }],
      capturedAt: minutesAgo(1),
    }),
    { hasToken: true, statuses: [201] },
  ),
  read(USER, ({ profileId }) => `resource=bank&server=Hell+Mina&profileId=${profileId}`),
  read(
    USER,
    ({ profileId }) =>
      `resource=bank&mode=craft-opportunities&server=Hell+Mina&profileId=${profileId}&max_missing=0&min_level=0&max_level=200&limit=50&offset=0&sort_by=completeness_desc`,
  ),
  read(
    USER,
    ({ recipeId, profileId }) =>
      `resource=bank&mode=craft-ingredients&recipe_id=${recipeId}&server=Hell+Mina&profileId=${profileId}`,
  ),
  write('DELETE', USER, 'resource=bank', ({ server, profileId }) => ({ server, profileId }), {
    hasToken: true,
  }),
  write('DELETE', USER, ({ profileId }) => `resource=profiles&id=${profileId}`, undefined),
];

const LAST_ROWS: CompatRow[] = [
  read(CRON, '', { name: 'GET /api/cron/almanax', hasToken: true }),
  write('DELETE', DATA, ({ itemId }) => `resource=items&id=${itemId}`, undefined, { hasToken: true }),
];

export const COMPAT_ROWS: readonly CompatRow[] = [
  ...INGEST_ROWS,
  ...DATA_ROWS,
  ...MARKET_ROWS,
  ...USER_ROWS,
  ...LAST_ROWS,
];
