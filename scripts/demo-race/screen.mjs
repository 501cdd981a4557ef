// What the demonstration shows: a picture that is drawn over itself on a terminal, and plain lines everywhere else.

const MAP = { columns: 44, rows: 14 };
const BAR = 56;
const LEVELS = '▁▂▃▄▅▆▇█';
const LINE_EVERY_M = 250;

export const clockOf = (seconds) => {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};
export const gapOf = (seconds) =>
  Math.abs(seconds) < 0.05
    ? 'level'
    : `${Math.abs(seconds).toFixed(1)} s ${seconds > 0 ? 'behind' : 'ahead'}`;

/** @param out a stream @param isDrawn whether it can be drawn over @param placeAt metres east and north, by metres along the course */
export function openScreen(out, { isDrawn, lengthM, placeAt }) {
  const splits = [];
  const gaps = [];
  let [height, linesM, news] = [0, 0, 'waiting for the start line'];
  const say = (line) => out.write(`${line}\n`);
  if (isDrawn) out.write('\x1b[?25l');

  function draw(gap, ghost) {
    const ghostM = ghost.along + ghost.m;
    const lines = [
      ...mapOf(placeAt, lengthM, ghost.along, ghostM),
      '',
      barOf('ghost', ghostM, lengthM),
      barOf('you', ghost.along, lengthM),
      '',
      `  ${clockOf(gap.clock)}   ${gapOf(ghost.s).padEnd(16)} ${Math.abs(ghost.m).toFixed(0).padStart(4)} m   ${sureOf(ghost)}`,
      `  gap   ${sparkOf(gaps)}`,
      `  ${news}`,
      ...splits.slice(-4).map((line) => `  ${line}`),
    ];
    out.write(
      (height > 0 ? `\x1b[${height}A` : '') + lines.map((line) => `\x1b[2K${line}\n`).join('') + '\x1b[0J',
    );
    height = lines.length;
  }

  return {
    say,
    /** @param gap a frame */
    gap(gap) {
      const [ghost] = gap.ghosts;
      if (ghost === undefined || ghost.s === null || ghost.along === null || gap.clock === null) return;
      gaps.push({ alongM: ghost.along, s: ghost.s });
      if (isDrawn) return draw(gap, ghost);
      if (ghost.along < linesM) return;
      linesM = (Math.floor(ghost.along / LINE_EVERY_M) + 1) * LINE_EVERY_M;
      say(
        `${String(Math.round(ghost.along)).padStart(6)} m  ${clockOf(gap.clock).padStart(5)}  ${gapOf(ghost.s).padEnd(14)} ${sureOf(ghost)}`,
      );
    },
    split({ n, dist, s, ghostS, cum }) {
      if (dist < n * 1_000) return; // the rest of the course
      const line = `km ${n}  ${clockOf(s)}  ghost ${clockOf(ghostS)}  ${gapOf(cum)}`;
      splits.push(line);
      if (!isDrawn) say(`  ${line}`);
    },
    news(sentence) {
      news = sentence;
      if (!isDrawn) say(`  ${sentence}`);
    },
    close() {
      if (isDrawn) out.write('\x1b[?25h');
    },
  };
}

function sureOf({ conf, sd, stale }) {
  if (stale) return '(of a moment ago)';
  return conf === null
    ? ''
    : `right within 2 s: ${Math.round(conf * 100)} %${sd === null ? '' : `, sd ${sd.toFixed(1)} s`}`;
}

function barOf(name, alongM, lengthM) {
  const at = Math.round(BAR * Math.min(1, Math.max(0, alongM / lengthM)));
  return `  ${name.padEnd(6)}${'━'.repeat(at)}●${'─'.repeat(BAR - at)} ${Math.round(Math.max(0, alongM))} m`;
}

/** The gap along the way: the higher, the further ahead; scaled to what was seen. */
function sparkOf(gaps) {
  const columns = gaps
    .slice(-BAR * 8)
    .filter((_gap, index, all) => index % Math.ceil(all.length / BAR) === 0);
  const [least, most] = [Math.min(...columns.map(({ s }) => s)), Math.max(...columns.map(({ s }) => s))];
  return columns
    .map(({ s }) => LEVELS[Math.round(((most - s) / Math.max(1, most - least)) * (LEVELS.length - 1))])
    .join('');
}

function mapOf(placeAt, lengthM, youM, ghostM) {
  const places = Array.from({ length: 240 }, (_, index) => placeAt((lengthM * index) / 240));
  const [xs, ys] = [places.map(({ xM }) => xM), places.map(({ yM }) => yM)];
  const [west, north] = [Math.min(...xs), Math.max(...ys)];
  const perColumn = (Math.max(...xs) - west) / (MAP.columns - 1);
  const perRow = (north - Math.min(...ys)) / (MAP.rows - 1);
  const rows = Array.from({ length: MAP.rows }, () => Array.from({ length: MAP.columns }, () => ' '));
  const put = ({ xM, yM }, mark) => {
    rows[Math.round((north - yM) / perRow)][Math.round((xM - west) / perColumn)] = mark;
  };
  for (const place of places) put(place, '·');
  put(placeAt(0), '|');
  put(placeAt(ghostM), 'G');
  put(placeAt(youM), '@');
  return rows.map((row) => `  ${row.join('')}`);
}
