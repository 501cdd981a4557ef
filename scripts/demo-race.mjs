// Races a made-up runner against last week's run, over the real socket, and draws the gap:
//   npm run demo:race [-- --speed 20 --seed 7 --plain --url http://127.0.0.1:8000 --token <access token> | --own]
// It takes the Guildhall that runs, as the demonstration's account or a new one; otherwise, or with --own, it starts one and ends it. The device's clock runs `speed` times as fast
// as ours and ends about now. On a terminal it draws, elsewhere (or with --plain) it writes lines.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';
import { clientOf, DemoError, isRunning, signIn, startGuildhall } from './demo-race/guildhall.mjs';
import { makeCourse, makeRun } from './demo-race/made-runs.mjs';
import { clockOf, gapOf, openScreen } from './demo-race/screen.mjs';

const RUNS = '/api/v1/running/runs';
const USUAL_URL = 'http://127.0.0.1:8000';
/** Between two messages: the socket takes ten a second. */
const TICK_MS = 150;
const MOST_PER_MESSAGE = 500;
const WAIT_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;

const OPTIONS = {
  url: { type: 'string' },
  token: { type: 'string' },
  own: { type: 'boolean', default: false },
  speed: { type: 'string', default: '20' },
  seed: { type: 'string', default: '7' },
  plain: { type: 'boolean', default: false },
};

function readOptions() {
  let values;
  try {
    values = parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new DemoError(error.message);
  }
  const [speed, seed] = [Number(values.speed), Number(values.seed)];
  if (!(speed >= 1 && speed <= 1_000)) throw new DemoError('--speed is a number of 1 to 1000.');
  if (!Number.isInteger(seed)) throw new DemoError('--seed is a whole number.');
  return {
    url: values.url?.replace(/\/+$/, ''),
    speed,
    seed,
    token: values.token,
    isOwn: values.own,
    isPlain: values.plain,
  };
}

async function waitFor(what, look) {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new DemoError(`Within a minute it did not come to this: ${what}.`);
    await sleep(50);
  }
}

/** A run that is over, recorded as a phone without network would have it. @returns its id */
async function recordRun(call, title, startedAtMs, fixes) {
  const { id } = await call('POST', RUNS, { title, startedAt: new Date(startedAtMs).toISOString() });
  await call('PUT', `${RUNS}/${id}/fixes`, { fixes: fixes.map((fix) => withStart(fix, startedAtMs)) });
  await call('POST', `${RUNS}/${id}/finish`, { lastSeq: fixes.length });
  await waitFor('the run has its track', async () => (await call('GET', `${RUNS}/${id}`)).hasTrack);
  return id;
}

const withStart = ([seq, tMs, ...rest], startedAtMs) => [seq, startedAtMs + tMs, ...rest];

/** A socket of the runner's, by a ticket as a browser takes it. Frames are kept by their event. */
async function openSocket(url, call, onFrame) {
  const { ticket } = await call('POST', '/api/v1/auth/ws-ticket');
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws/running`, [
    'guildhall.v1',
    `ticket.${ticket}`,
  ]);
  let fault = null;
  socket.on('error', (error) => (fault ??= new DemoError(`The socket failed: ${error.message}`)));
  socket.on('close', (code) => (fault ??= new DemoError(`The socket was closed with ${code}.`)));
  socket.on('message', (bytes) => {
    const { event, data } = JSON.parse(bytes.toString());
    if (event === 'error') fault ??= new DemoError(`The server refused a frame: ${data.detail ?? data.code}`);
    else onFrame(event, data);
  });
  const check = () => {
    if (fault !== null) throw fault;
  };
  await waitFor('the socket is open', () => (check(), socket.readyState === WebSocket.OPEN));
  return {
    check,
    send: (event, data) => socket.send(JSON.stringify({ event, data })),
    close() {
      fault = new DemoError('It is over.');
      socket.close();
    },
  };
}

async function race(url, call, { seed, speed, isPlain }) {
  const course = makeCourse(seed);
  const { lengthM } = course;
  const last = makeRun(course, {
    seed: seed + 1,
    fromM: 0,
    toM: lengthM,
    paceSPerKm: 305,
    effortAt: () => 1,
  });
  // Today begins carefully, gives all in the middle and holds on: behind at first, a little in front at the end.
  const effortAt = (share) => (share < 0.35 ? 0.97 : share < 0.85 ? 1.02 : 1.01);
  const today = makeRun(course, { seed: seed + 2, fromM: -40, toM: lengthM + 40, paceSPerKm: 305, effortAt });

  const lastRunId = await recordRun(call, 'Last week', Date.now() - WEEK_MS, last);
  const ghost = await call('POST', '/api/v1/running/ghosts', {
    type: 'past_run',
    runId: lastRunId,
    name: 'Last week',
  });
  const lastsMs = today.at(-1)[1];
  const startedAtMs = Date.now() - Math.round(lastsMs * (1 - 1 / speed));
  const { id: runId } = await call('POST', RUNS, {
    title: 'Today',
    startedAt: new Date(startedAtMs).toISOString(),
  });

  const isDrawn = process.stdout.isTTY === true && !isPlain;
  const screen = openScreen(process.stdout, { isDrawn, lengthM: ghost.distanceM, placeAt: course.placeAt });
  const seen = { raceId: null, upTo: 0, official: null };
  const socket = await openSocket(url, call, (event, data) => {
    if (event === 'snapshot') seen.raceId = data.raceId;
    if (event === 'ack') seen.upTo = data.upTo;
    if (event === 'gap') screen.gap(data);
    if (event === 'split') screen.split(data);
    if (event === 'lead') screen.news(data.ahead ? 'you take the lead' : 'the ghost takes the lead');
    if (event === 'state') screen.news(`${data.from.replace('_', ' ')} -> ${data.to.replace('_', ' ')}`);
    if (event === 'result' && data.official) seen.official = data;
  });
  try {
    screen.say(
      `course    ${(ghost.distanceM / 1_000).toFixed(2)} km in a loop, seed ${seed}; the ghost ran it in ${clockOf(ghost.durationS)}; ${speed} times as fast as life`,
    );
    socket.send('race.join', { ghostIds: [ghost.id], runId, mode: 'elapsed' });
    await waitFor('the race has begun', () => (socket.check(), seen.raceId));
    await play(socket, runId, today, startedAtMs, speed);
    await waitFor('every fix is acknowledged', () => (socket.check(), seen.upTo === today.length));
    socket.send('finish', { runId, lastSeq: today.length });
    const official = await waitFor('the result is official', () => (socket.check(), seen.official));
    tell(screen.say, today.length, official);
    return seen.raceId;
  } finally {
    screen.close();
    socket.close();
  }
}

/** Sends what the device has by now, until it has all. */
async function play(socket, runId, fixes, startedAtMs, speed) {
  const beganMs = performance.now();
  for (let sent = 0; sent < fixes.length;) {
    await sleep(TICK_MS);
    socket.check();
    const deviceMs = (performance.now() - beganMs) * speed;
    const due = [];
    while (sent < fixes.length && due.length < MOST_PER_MESSAGE && fixes[sent][1] <= deviceMs) {
      due.push(withStart(fixes[sent], startedAtMs));
      sent += 1;
    }
    if (due.length > 0) socket.send('fix', { runId, f: due });
  }
}

function tell(say, fixCount, { userS, ghostS, gap, bar, status }) {
  say('');
  say(`stored    ${fixCount} fixes, every one acknowledged`);
  say(`finish    ${clockOf(userS)}, the ghost ${clockOf(ghostS)}`);
  say(
    `official  ${status}: ${gapOf(gap)} at the line${bar === null ? '' : `, give or take ${bar.toFixed(1)} s`}`,
  );
}

async function main() {
  const options = readOptions();
  const wanted = options.url ?? USUAL_URL;
  const found = !options.isOwn && (await isRunning(wanted));
  if (!found && !options.isOwn && options.url !== undefined)
    throw new DemoError(`No Guildhall answers at ${wanted}.`);
  if (!found) process.stdout.write('Starting a Guildhall for this race ...\n');
  const server = found ? { url: wanted, stop: () => Promise.resolve() } : await startGuildhall();
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => {
      if (process.stdout.isTTY) process.stdout.write('\x1b[?25h\n');
      void server.stop().then(() => process.exit(130));
    });
  try {
    const token = options.token ?? (await signIn(server.url));
    const raceId = await race(server.url, clientOf(server.url, token), options);
    if (found)
      process.stdout.write(
        `replay    ${wanted}/api/v1/running/races/${raceId}/replay, as a picture: .../gap.svg\n`,
      );
  } finally {
    await server.stop();
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof DemoError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
