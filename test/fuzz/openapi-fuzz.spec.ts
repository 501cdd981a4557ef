import { shippedCatalog } from '../../src/destiny/catalysts/catalog.reader.js';
import { makeShare } from '../security/share-stories.js';
import { makeRunImport } from '../security/running-file-stories.js';
import { makeRoutes } from '../security/running-route-stories.js';
import { makeGoalGhost } from '../security/running-stories.js';
import { tabletopCoreIds } from '../security/tabletop-core-stories.js';
import { tabletopWorldIds } from '../security/tabletop-world-stories.js';
import { tabletopSearchIds } from '../security/tabletop-search-stories.js';
import { tabletopGraphIds } from '../security/tabletop-graph-stories.js';
import { tabletopGenerationIds } from '../security/tabletop-generation-stories.js';
import { tabletopTableIds } from '../security/tabletop-table-stories.js';
import { makeRun, makeTalk } from '../security/talk-stories.js';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { type LangfuseSandbox, openLangfuseSandbox } from '../../src/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../src/sandbox/langfuse/story-world.js';
import { type Answer, call, get, OBSERVATIONS_PATH, post } from '../support/api-client.js';
import { TRACE_OF_CODE } from '../support/answer-shapes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { LANGFUSE_KEYS } from '../support/langfuse-trial.js';
import { type OpenApi, type Operation, readOpenApi } from '../support/open-api.js';
import { departures } from '../support/schema-check.js';
import { newPerson, type Person, signIn } from '../support/people.js';
import { withRunningWorld } from '../support/running-world.js';
import {
  ADMIN_TOKEN,
  INGEST_TOKEN,
  type ServerProcess,
  startServerProcess,
} from '../support/server-process.js';
import { waitUntil } from '../support/wait-until.js';
import { makeAlerts, makeChannels } from '../security/notification-stories.js';
import { makeFlagged } from '../security/trust-stories.js';
import { makeAgentAlerts } from '../security/agent-stories.js';
import { makeWishList } from '../security/wish-list-stories.js';
import { PUBLIC_ROUTES } from '../security/public-routes.js';
import {
  type ExistingIds,
  type FuzzedRequest,
  mutatedRequest,
  urlOf,
  validRequest,
} from './request-arbitraries.js';

// Whatever is asked, the answer keeps to the published document: never 5xx, a documented status, a body of its schema, a
// refusal in its shape, 401 for strangers. GUILDHALL_TEST_SEED repeats a run, FUZZ_SECONDS makes it longer; FUZZ_REQUESTS makes it as long as so
// many requests take, and prints what became of them.

const SEED = jest.getSeed();
const REQUESTS = Number(process.env['FUZZ_REQUESTS'] ?? 0);
const SECONDS = REQUESTS > 0 ? 600 : Number(process.env['FUZZ_SECONDS'] ?? 8);
/** Refusals that any operation may answer with, whatever it documents itself. */
const REFUSALS = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 431];

/** What would take the account or its session away from all later requests; a service has neither. */
const ENDS_THE_SESSION = /^(?:DELETE \/api\/v1\/account|POST \/api\/v1\/auth\/sign-out)$/;

/** Tries of one route after which one of them must have met what the route accepts. */
const ENOUGH = 30;

/** Needs a job or a run that waits or has failed, and there is none here. */
const OF_UNFINISHED_JOBS = /\/(?:jobs|runs)\/\{id\}\/(cancel|redrive)$/;
/** Needs a password, a code or a token that nobody guesses. */
const OF_SECRETS =
  /\/auth\/(?:sign-in(?:\/second-factor)?|sign-out|refresh|email\/verify|password-reset\/confirm)$|\/account\/(?:password|step-up|totp\/confirm|recovery-codes|email\/confirm)$|^DELETE \/api\/v1\/account$/;

/** Needs a provider, and none is configured; somebody's sign-in there; or bytes of a picture or of an export. */
const OF_ELSEWHERE =
  /\{provider\}|\/auth\/external\/exchange$|\/account\/identities\/\{id\}$|^POST \/api\/v1\/files$|\/files\/\{id\}|\/icons?(?:\/\{id\})?$|^PUT .*\/profile\/picture$|^POST .*\/running\/imports$|^POST .*\/admin\/agent-analytics\/imports$|^(?:POST|PUT|DELETE) \/compat\/dofus\/api\/data$/;
/** Says 503 whatever is sent. */
const UNTIL_SPEECH_ARRIVES = /\/compat\/destiny\/api\/voice-to-text$/;
/** Needs a player who is connected at Bungie and was read; the game's definitions; or a sheet of the settings. */
const OF_GUARDIANS =
  /\/destiny\/(?:sync(?:\/\{id\})?|link(?:\/refresh)?|memberships\/active|weapons\/\{instanceId\}.*|sheets\/\{key\}.*|definitions\/\{type\}.*|catalysts\/\{recordHash\}\/progress\.svg|manifest\/import|auth\/(?:url|callback|bungie-callback)|api\/(?:profile|voice-to-text))$/;
/** Needs values that agree: levels or days in order, a filter of the metric's, one of two parameters or fields, things that are there; or a day that has been dumped. */
const OF_AGREEING_VALUES =
  /\/(?:wisp\/api\/v1\/runs\/\{id\}\/route|craft-plans|leveling-plans|backtests|prices|alerts\/preview|sync\/runs|plans\/pacing(?:\/ghosts)?|running\/routes\/match)$|^PATCH .*\/stock$|\/dumps\/\{game\}\/\{file\}$|^GET \/compat\/dofus\/api\/market_v2$/;
/** Needs the id of a list, a message, a route or of runs in its body. */
const OF_IDS_IN_BODIES =
  /^(?:PUT|POST) \/compat\/dofus\/api\/user$|^POST .*\/messages(?:\/read)?$|\/messages\/unread-count$|\/running\/(?:routes\/\{id\}\/(?:merge|shape)|ghosts\/compose)$|\/ghost-races$/;

const IMPORTS_PATH = OBSERVATIONS_PATH.replace('observations', 'imports');
const GAME_PATH = '/api/v1/market/games/dofus';
const A_GAME = 'market/games/{game}';
const A_SERVER = `${A_GAME}/servers/{server}`;
/** Things of each kind that exist when the requests begin; a run takes fewer of them away. */
const THINGS = 100;
const DAY_MS = 86_400_000;

/** Observations and imports, and the job of one of these. */
async function createThings(base: string, person: Person): Promise<ExistingIds> {
  const sessions: string[] = [];
  for (let at = 0; at < THINGS / 5; at += 1) sessions.push((await signIn(base, person)).sessionId);
  const other = await newPerson(base);
  const keys: string[] = [];
  for (let at = 0; at < THINGS / 5; at += 1) {
    const wish = { name: 'fuzz', scopes: ['market:read'] };
    const { json } = await post(base, '/api/v1/account/keys', wish, { token: person.accessToken });
    keys.push((json as { id: string }).id);
  }
  const points = Array.from({ length: THINGS }, (_, at) => ({
    externalId: 990_000_000 + at,
    unitPrice: 1 + at,
    capturedAt: new Date().toISOString(),
  }));
  const batch = await post(base, OBSERVATIONS_PATH, points);
  const observations = (batch.json.results as { observationId: number }[]).map(({ observationId }) =>
    String(observationId),
  );
  const imports: string[] = [];
  for (let at = 0; at < THINGS; at += 1) {
    const { id } = (await post(base, IMPORTS_PATH, { format: 'csv' })).json as { id: string };
    const part = 'externalId,unitPrice,lots,capturedAt,source\n44,5,1,2024-05-01T00:00:00Z,book\n';
    await call(base, 'PUT', `${IMPORTS_PATH}/${id}/parts/0`, {
      headers: { 'content-type': 'text/csv' },
      body: part,
    });
    imports.push(id);
  }
  const { jobId } = (await post(base, `${IMPORTS_PATH}/${imports.pop()}/start`, undefined)).json as {
    jobId: string;
  };
  const webhooks: string[] = [];
  for (let at = 0; at < THINGS / 2; at += 1) {
    const hook = { url: 'https://hook.example.org/hook', events: ['slow_request_alert'] };
    webhooks.push(
      ((await post(base, '/api/v1/admin/webhooks', hook, { token: ADMIN_TOKEN })).json as { id: string }).id,
    );
  }
  const routes: string[] = [];
  for (let at = 0; at < THINGS / 2; at += 1) {
    const route = { name: 'fuzz', jobIds: [], resourceIds: [303], steps: [] };
    const { json } = await post(base, `${GAME_PATH}/harvest-routes`, route);
    routes.push((json as { id: string }).id);
  }
  const [profiles, lists, messages]: [string[], string[], string[]] = [[], [], []];
  const make = async (what: string, body: object): Promise<string> =>
    ((await post(base, `${GAME_PATH}/${what}`, body)).json as { id: string }).id;
  const author = await make('profiles', { name: 'fuzz author' }); // whose messages would go with it
  for (let at = 0; at < THINGS / 2; at += 1) {
    profiles.push(await make('profiles', { name: `fuzz ${at}` }));
    lists.push(await make('lists', { name: 'fuzz', scope: at % 2 ? 'public' : 'private' }));
    messages.push(await make('messages', { profileId: author, content: 'fuzz' }));
  }
  const channels = await makeChannels(base, person.accessToken, 8);
  return {
    'account/keys': keys,
    'account/sessions': sessions,
    'admin/accounts': [other.id],
    'admin/jobs': [jobId],
    'admin/market/roles': [other.id],
    'admin/webhooks': webhooks,
    jobs: [jobId],
    'market/alerts': await makeAlerts(base, THINGS / 2, person.accessToken),
    [`${A_GAME}/harvest-routes`]: routes,
    [`${A_GAME}/lists`]: lists,
    [`${A_GAME}/messages`]: messages,
    [`${A_GAME}/profiles`]: profiles,
    [`${A_SERVER}/imports`]: imports.slice(THINGS / 4),
    [`${A_SERVER}/imports/parts/{part}`]: imports.slice(0, THINGS / 4),
    [`${A_SERVER}/observations`]: observations,
    [`${A_SERVER}/observations/flag`]: await makeFlagged(base, THINGS / 10),
    'notifications/channels': channels.slice(4),
    'notifications/channels/test': channels.slice(0, 4), // not among those that are taken away
    'notifications/channels/enable': channels.slice(0, 4),
  };
}

const AGENTS = 'agent-analytics';

/** What has been copied of the stand-in's plays, and alerts. */
async function copiedThings(base: string, person: Person): Promise<ExistingIds> {
  interface Page {
    items: Record<string, string>[];
  }
  const idsOf = async (path: string, name = 'id'): Promise<string[]> => {
    const { items } = (await get(base, `/api/v1/${AGENTS}/${path}`)).json as unknown as Page;
    return items.map((item) => item[name]!);
  };
  await waitUntil('the plays have been copied', 60_000, async () => (await idsOf('observations')).length > 0);
  const [sessions, agents] = [await idsOf('sessions'), await idsOf('agents', 'name')];
  return {
    [`${AGENTS}/agents`]: agents,
    [`${AGENTS}/alerts`]: await makeAgentAlerts(base, THINGS / 4, person.accessToken),
    [`${AGENTS}/observations`]: await idsOf('observations'),
    [`${AGENTS}/sessions`]: sessions,
    [`${AGENTS}/sync/runs`]: await idsOf('sync/runs'),
    [`${AGENTS}/sync/sources`]: await idsOf('sync/sources'),
    [`${AGENTS}/traces`]: await idsOf('traces'),
    'compat/cupid/api/agents': agents,
    'compat/cupid/api/sessions': sessions,
  };
}

async function makeWishLists(base: string, { accessToken }: Person, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < count; at += 1) ids.push(await makeWishList(base, accessToken));
  return ids;
}

/** Runners: one who shows the profile, with runs and whatever else is theirs. */
async function runnerThings(base: string, own: string, runs: string[]): Promise<ExistingIds> {
  const { id, accessToken: token } = await newPerson(base); // whom nobody here makes private again
  await call(base, 'PATCH', '/api/v1/running/preferences', { token, body: { privacyProfile: 'public' } });
  await get(base, '/api/v1/running/profile', { token }); // makes it
  const imports: string[] = [];
  for (let at = 0; at < 12; at += 1) imports.push(await makeRunImport(base, own));
  const races: string[] = [];
  for (let at = 0; at < 8; at += 1) {
    const ghostIds = [await makeGoalGhost(base, own)];
    const made = await post(base, '/api/v1/running/races', { ghostIds }, { token: own });
    races.push((made.json as { id: string }).id);
  }
  const ghosts: string[] = [];
  for (let at = 0; at < 12; at += 1) ghosts.push(await makeGoalGhost(base, own));
  return {
    'running/runs': runs.slice(0, 5),
    'compat/wisp/runs': runs.slice(0, 5),
    'compat/wisp/api/v1/runs': runs.slice(5),
    'compat/wisp/api/v1/ghosts': ghosts,
    'compat/wisp/api/v1/ghost-races': runs.slice(0, 5),
    'running/profiles': [id],
    'compat/wisp/api/v1/users/profile': [id],
    'running/imports': imports,
    'running/races': races,
  };
}

/** Runs that came in with files, with what follows from them. */
const runsOf = (databaseUrl: string, person: Person): Promise<string[]> =>
  withRunningWorld(databaseUrl, async (world) => {
    const ids: string[] = [];
    for (let day = 1; day <= 15; day += 1)
      ids.push(await world.aRun(person.id, { startedAtMs: Date.now() - day * DAY_MS }));
    return ids;
  });

/** Of Destiny what needs no Bungie. */
async function guardianThings(base: string, { accessToken: token }: Person): Promise<ExistingIds> {
  const many = async <T>(count: number, make: () => Promise<T>): Promise<T[]> => {
    const made: T[] = [];
    for (let at = 0; at < count; at += 1) made.push(await make());
    return made;
  };
  const other = await newPerson(base); // whose links nobody here takes away
  const shared = await post(
    base,
    '/api/v1/destiny/shares',
    { shows: 'summary' },
    { token: other.accessToken },
  );
  const talks = await many(60, () => makeTalk(base, token));
  return {
    'destiny/catalysts': shippedCatalog().catalysts.map(({ recordHash }) => String(recordHash)),
    'destiny/conversations': talks.slice(0, 40),
    'compat/destiny/api/conversations': talks.slice(40),
    'destiny/runs': await many(3, () => makeRun(base, token)),
    'destiny/shares': await many(18, () => makeShare(base, token)),
    'destiny/public/shares': [(shared.json as { slug: string }).slug],
  };
}

describe(`requests made from the OpenAPI document (GUILDHALL_TEST_SEED=${SEED})`, () => {
  let database: TestDatabase;
  let langfuse: LangfuseSandbox;
  let server: ServerProcess;
  let api: OpenApi;
  let existing: ExistingIds;
  let person: Person;
  /** Answers by operation and status. */
  const tally = new Map<string, Map<number, number>>();

  /** The token that may call an operation. */
  const tokenFor = ({ id, path }: Operation): string => {
    if (/^\/(?:api\/v1\/admin\/|metrics$)/.test(path) || /^(?:PUT|DELETE) .*\/terms$/.test(id))
      return ADMIN_TOKEN;
    if (path.endsWith('/destiny/manifest/import')) return ADMIN_TOKEN;
    const isAccounts =
      /^\/(?:compat\/(?:destiny|wisp)|api\/v1\/(?:account|auth|files|connections|notifications|destiny|running|tabletop|(?:market|agent-analytics)\/alerts))(?:\/|$)/.test(
        path,
      ) && !ENDS_THE_SESSION.test(id);
    return isAccounts ? person.accessToken : INGEST_TOKEN;
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    const untilMs = Date.now() - DAY_MS;
    const plays = { projectId: 'plays', seed: 3, fromMs: untilMs - 5 * DAY_MS, untilMs, observations: 600 };
    langfuse = await openLangfuseSandbox({ projects: [{ ...LANGFUSE_KEYS, world: storyWorld(plays) }] });
    server = await startServerProcess({
      DATABASE_URL: database.url,
      COMPAT_DOFUS_ANONYMOUS: 'off',
      COMPAT_CUPID_ANONYMOUS: 'off',
      TRUST_PROXY: '1',
      LANGFUSE_PROJECT: 'plays',
      LANGFUSE_PUBLIC_KEY: LANGFUSE_KEYS.publicKey,
      LANGFUSE_SECRET_KEY: LANGFUSE_KEYS.secretKey,
      LANGFUSE_BASE_URL: langfuse.url,
    });
    api = await readOpenApi(server.url);
    person = await newPerson(server.url);
    const tabletop = await tabletopCoreIds(server.url, person.accessToken);
    existing = {
      ...(await createThings(server.url, person)),
      ...(await copiedThings(server.url, person)),
      'destiny/wishlists': await makeWishLists(server.url, person, 15),
      ...(await guardianThings(server.url, person)),
      ...(await runnerThings(server.url, person.accessToken, await runsOf(database.url, person))),
      'running/routes': (await makeRoutes(server.url, database.url, person, 8)).map(({ id }) => id),
      ...(await tabletopWorldIds(server.url, person.accessToken)),
      ...tabletop,
      ...(await tabletopSearchIds(server.url, person, tabletop['tabletop/campaigns']![0]!)),
      ...(await tabletopGraphIds(server.url, person.accessToken)),
      ...(await tabletopTableIds(server.url, person.accessToken)),
      ...(await tabletopGenerationIds(server.url, person.accessToken)),
      'tabletop/reference': ['spell-fireball', 'monster-aboleth'],
    };
  });

  afterAll(async () => {
    if (REQUESTS > 0) process.stdout.write(describeTally(tally));
    await server.stop();
    await langfuse.close();
    await database.drop();
  });

  const send = async (request: FuzzedRequest, token: string | null): Promise<Answer> => {
    const { operation, headers, body } = request;
    const answer = await call(server.url, operation.method, urlOf(request), {
      token,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    const statuses = tally.get(operation.id) ?? new Map<number, number>();
    tally.set(operation.id, statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1));
    return answer;
  };

  /** What is wrong with an answer; empty when nothing is. */
  const faultsOf = (request: FuzzedRequest, answer: Answer): string[] => {
    const { status, json, text, headers } = answer;
    if (status === 503 && UNTIL_SPEECH_ARRIVES.test(request.operation.id)) return [];
    if (status >= 500) return ['a fault of ours'];
    if (TRACE_OF_CODE.test(text)) return ['shows code'];
    if (status < 400) {
      if (request.mustFail) return ['should have been refused'];
      if (status === 304) return text === '' ? [] : ['a 304 with a body'];
      if (request.isElsewhere) return [];
      const { responses } = request.operation;
      if (!(status in responses)) return ['an undocumented status'];
      if (/^text\/(csv|event-stream)/.test(headers.get('content-type') ?? '')) return [];
      return departures(json === undefined ? text : json, responses[status], api.schemas); // metrics are text
    }
    if (!REFUSALS.includes(status)) return ['an unknown refusal'];
    const isCompat = request.path.startsWith('/compat/');
    // The originals say what is wrong as `error`; the dashboard's, as `detail`.
    const error = json?.error; // running's: a code with a message, or just that there is one
    const isTold = typeof (error?.code ?? error) === 'string' || error === true || json?.detail !== undefined;
    if (isCompat && status !== 431) return isTold ? [] : ['no error of its shape'];
    if (headers.get('content-type') !== 'application/problem+json') return ['no problem+json'];
    if (json?.status !== status || !/^[a-z]+(?:-[a-z]+)*\/[a-z-]+$/.test(String(json?.code)))
      return ['no code'];
    return status === 431 ? [] : departures(json, api.schemas['Problem'], api.schemas);
  };

  const fuzz = async (
    share: number,
    operations: Operation[],
    make: (operation: Operation, existing: ExistingIds) => fc.Arbitrary<FuzzedRequest>,
    check: (request: FuzzedRequest) => Promise<string[]>,
  ): Promise<number> => {
    let count = 0;
    const requests = fc.constantFrom(...operations).chain((operation) => make(operation, existing));
    const property = fc.asyncProperty(requests, async (request) => {
      count += 1;
      const faults = await check(request);
      if (faults.length > 0) {
        const { operation, change, headers, body } = request;
        const shown = { id: operation.id, url: urlOf(request), change, headers, body: body?.slice(0, 500) };
        throw new Error(`${faults.slice(0, 3).join('; ')}: ${JSON.stringify(shown)}`);
      }
    });
    const interruptAfterTimeLimit = SECONDS * share * 1_000;
    const numRuns = REQUESTS > 0 ? Math.ceil(REQUESTS * share) : 1_000_000;
    // Asked for seconds, it is meant to be interrupted; asked for so many requests, it has to get through them.
    const markInterruptAsFailure = REQUESTS > 0;
    await fc.assert(property, { seed: SEED, numRuns, interruptAfterTimeLimit, markInterruptAsFailure });
    return count;
  };

  const checked = async (request: FuzzedRequest): Promise<string[]> => {
    const answer = await send(request, tokenFor(request.operation));
    return faultsOf(request, answer).map(
      (fault) => `${fault} (${answer.status} ${answer.text.slice(0, 300)})`,
    );
  };

  it(
    'that keep to it are served, or refused as it says',
    async () => {
      const seen = new Map<string, number[]>();
      const refusals = new Map<string, string>();
      const count = await fuzz(0.4, api.operations, validRequest, async (request) => {
        const answer = await send(request, tokenFor(request.operation));
        seen.set(request.operation.id, [...(seen.get(request.operation.id) ?? []), answer.status]);
        if ([400, 422].includes(answer.status)) refusals.set(request.operation.id, answer.text.slice(0, 400));
        return faultsOf(request, answer).map(
          (fault) => `${fault} (${answer.status} ${answer.text.slice(0, 300)})`,
        );
      });
      expect(count).toBeGreaterThan(50);
      // Were they all refused, nothing would have been tried.
      const neverServed = [...seen]
        .filter(
          ([id, statuses]) =>
            !OF_UNFINISHED_JOBS.test(id) &&
            !OF_SECRETS.test(id) &&
            !OF_ELSEWHERE.test(id) &&
            !OF_GUARDIANS.test(id) &&
            !OF_IDS_IN_BODIES.test(id) &&
            !OF_AGREEING_VALUES.test(id) &&
            statuses.length >= ENOUGH &&
            !statuses.some((status) => status < 300),
        )
        .map(
          ([id, statuses]) =>
            `${id}: ${[...new Set(statuses)].join()} in ${statuses.length} tries; ${refusals.get(id) ?? ''}`,
        );
      expect(neverServed).toEqual([]);
    },
    (SECONDS + 30) * 1_000,
  );

  it(
    'with one thing wrong are refused, never with a fault of ours',
    async () => {
      expect(await fuzz(0.4, api.operations, mutatedRequest, checked)).toBeGreaterThan(50);
      expect((await get(server.url, '/health')).json.status).toBe('healthy');
    },
    (SECONDS + 30) * 1_000,
  );

  it(
    'of strangers are refused, whatever they hold',
    async () => {
      const closed = api.operations.filter(({ id }) => !PUBLIC_ROUTES.includes(id));
      const count = await fuzz(0.2, closed, validRequest, async (request) => {
        const { status } = await send(request, null);
        return status === 401 ? [] : [`answered ${status}`];
      });
      expect(count).toBeGreaterThan(20);
    },
    (SECONDS + 30) * 1_000,
  );
});

/** One line per operation: how often it was asked, and how often it answered what. */
function describeTally(tally: ReadonlyMap<string, ReadonlyMap<number, number>>): string {
  const lines = [...tally].sort().map(([id, statuses]) => {
    const counts = [...statuses].sort(([a], [b]) => a - b);
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    return `${String(total).padStart(6)} ${id}: ${counts.map(([status, count]) => `${status} x ${count}`).join(', ')}`;
  });
  const all = [...tally.values()].flatMap((statuses) => [...statuses.values()]);
  return `${lines.join('\n')}\n${String(all.reduce((sum, count) => sum + count, 0)).padStart(6)} requests (GUILDHALL_TEST_SEED=${SEED})\n`;
}
