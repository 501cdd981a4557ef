// No public history of real market prices exists, so demos, tests and benchmarks run on a simulated one. It has what makes real
// prices hard: bases over five orders of magnitude that grow with the item's level and agree between servers only roughly, a random
// walk of the logarithm, a week with dear week-ends, rare lasting jumps, days on which nobody looked, and one or two per
// cent of absurd "troll" prices, marked as such so that outlier rules can be judged against the truth.
//
// The idea: every series (item, server) and every day of it has a random stream of its own, keyed by (seed, item, server, day). Invariants:
// equal options give equal worlds; a series is the same whichever other items and servers are made with it; capture times lie
// strictly inside [endAt - days, endAt] and ascend within a series; `totalPoints()` is exact, since how many points a day has is
// the first thing drawn in its stream. Memory is one record per item plus one chunk, however long the history.
//
// Within a server rows come day by day, as they would arrive, and by ascending item id within a day.
import { SeededRandom } from './random.js';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970 began on a Thursday; the season peaks as Saturday turns into Sunday (UTC), three days into that week. */
const SEASON_PEAK_WEEKS = 3 / 7;
const MAX_ID = 0x7fffffff;
const MAX_DAYS = 36_500;
const MAX_POINTS_PER_DAY = 86_400;

/** Median unit price of a level-0 item, in kamas, and its growth: e^(0.033 * 200) is about 735 from level 0 to 200. */
const BASE_PRICE = 8;
const LOG_GROWTH_PER_LEVEL = 0.033;
const LEVEL_WHEN_UNKNOWN = 100;
/** Spreads of the log base price: between items, between servers as a whole, between servers for one item. */
const ITEM_SPREAD = 1.3;
const SERVER_SPREAD = 0.1;
const SERIES_SPREAD = 0.2;

/** Standard deviation of the log price over one day: median over items, its spread, and its cap. */
const DAILY_VOLATILITY = 0.04;
const VOLATILITY_SPREAD = 0.35;
const MAX_DAILY_VOLATILITY = 0.12;
/** The weekly season multiplies by e^(+-amplitude). */
const SEASON_AMPLITUDE = { min: 0.03, max: 0.08 };
/** A jump (a patch of the game, a new recipe) moves a price for good, by this much in the logarithm. */
const JUMPS_PER_DAY = 0.004;
const JUMP_SIZE = { min: 0.25, max: 1 };

const TROLL_SHARE = 0.015;
const TROLL_LOW_SHARE = 0.3;
/** On a day a silence of one to three days begins with this probability. */
const SILENCE_START = 0.02;
const MAX_SILENCE_DAYS = 3;
/** A capture happens within this part of its slot of the day, so that two never fall on one instant. */
const SLOT_MARGIN = 0.02;
const MAX_LOTS = 4;
/** The real client drops listings of two thousand million and more. */
const MAX_PRICE = 1_999_999_999;

/** Key words that are no item, server or day. Ids and days are never negative, so nothing else uses them. */
const ALL_ITEMS = -1;
const ALL_SERVERS = -1;
const TRAITS = 0;
const FIRST_DAY = 1;

export interface PriceWorldOptions {
  /** Taken modulo 2^32. */
  seed: number;
  /** Ids are unique, 0 to 2^31 - 1. They key the randomness: the same item under another id has another history. */
  items: readonly { id: number; level: number | null }[];
  servers: readonly number[];
  days: number;
  /** Average of a day without silence; a fraction is drawn: 0.25 is a point every fourth day or so. At most 86,400. */
  pointsPerDay: number;
  endAt: Date;
}

/** Rows of one server as parallel columns, each of length `count`. */
export interface PriceChunk {
  serverId: number;
  count: number;
  itemIds: Int32Array;
  /** Kamas per unit, above 0; two decimals below 10, whole from there on, as the real client rounds. */
  prices: Float64Array;
  /** Whole milliseconds since 1970. */
  capturedAtMs: Float64Array;
  /** 1 to 4: how many lot sizes were on offer (not a traded quantity). */
  lots: Int16Array;
  /** 1 where the price is a troll's: ground truth for outlier rules, not something an observer knows. */
  isTroll: Uint8Array;
}

export class PriceWorld {
  private readonly options: PriceWorldOptions;
  private readonly pointsByServer = new Map<number, number>();

  /** Throws RangeError for options outside the limits stated at their fields. */
  constructor(options: PriceWorldOptions) {
    assertOptions(options);
    const items = [...options.items].sort((left, right) => left.id - right.id);
    this.options = { ...options, items, servers: [...options.servers], endAt: new Date(options.endAt) };
  }

  /** How many rows `chunks()` yields in all, exactly. Costs a few tens of nanoseconds per series and day, once. */
  totalPoints(): number {
    return this.options.servers.reduce((sum, serverId) => sum + this.serverPoints(serverId), 0);
  }

  serverPoints(serverId: number): number {
    let points = this.pointsByServer.get(serverId);
    if (points === undefined) {
      points = countPoints(this.options, serverId);
      this.pointsByServer.set(serverId, points);
    }
    return points;
  }

  /** All rows, server after server in the order of the options, at most `maxRows` in a chunk. Chunks share no memory. */
  *chunks(maxRows = 10_000): Generator<PriceChunk, void, undefined> {
    for (const serverId of this.options.servers) yield* this.serverChunks(serverId, maxRows);
  }

  /** The rows of one server, which need not be among the servers of the options. */
  *serverChunks(serverId: number, maxRows = 10_000): Generator<PriceChunk, void, undefined> {
    assertInteger('maxRows', maxRows, 1, MAX_ID);
    assertInteger('a server id', serverId, 0, MAX_ID);
    const cursor = new ServerCursor(this.options, serverId);
    let left = this.serverPoints(serverId);
    while (left > 0) {
      const chunk = emptyChunk(serverId, Math.min(maxRows, left));
      cursor.fill(chunk);
      left -= chunk.count;
      yield chunk;
    }
  }
}

/** What one series carries from day to day. */
interface Series {
  itemId: number;
  logBase: number;
  dailyVolatility: number;
  seasonAmplitude: number;
  logWalk: number;
  lastAtMs: number;
}

/** Decides how many points each series has on each day. Days must be asked for in order, since silences last. */
class Schedule {
  private readonly wholePoints: number;
  private readonly fraction: number;
  private readonly silentUntilDay: Int32Array;

  constructor(
    private readonly seed: number,
    private readonly serverId: number,
    pointsPerDay: number,
    itemCount: number,
  ) {
    this.wholePoints = Math.floor(pointsPerDay);
    this.fraction = pointsPerDay - this.wholePoints;
    this.silentUntilDay = new Int32Array(itemCount);
  }

  /** Leaves `random` in the stream of this series and day, where the points go on drawing. */
  pointsOn(random: SeededRandom, itemIndex: number, itemId: number, day: number): number {
    random.rekey(this.seed, itemId, this.serverId, FIRST_DAY + day);
    const silence = random.uniform() / SILENCE_START;
    const points = this.wholePoints + (random.uniform() < this.fraction ? 1 : 0);
    let silentUntilDay = this.silentUntilDay[itemIndex] ?? 0;
    if (silence < 1) {
      silentUntilDay = Math.max(silentUntilDay, day + 1 + Math.floor(silence * MAX_SILENCE_DAYS));
      this.silentUntilDay[itemIndex] = silentUntilDay;
    }
    return day < silentUntilDay ? 0 : points;
  }
}

function countPoints({ seed, items, days, pointsPerDay }: PriceWorldOptions, serverId: number): number {
  const random = new SeededRandom(0, 0, 0);
  const schedule = new Schedule(seed, serverId, pointsPerDay, items.length);
  const itemIds = Int32Array.from(items, (item) => item.id);
  let points = 0;
  for (let day = 0; day < days; day += 1) {
    itemIds.forEach((itemId, index) => {
      points += schedule.pointsOn(random, index, itemId, day);
    });
  }
  return points;
}

/** Walks through the rows of one server and can stop after any row, which is where a chunk ends. */
class ServerCursor {
  private readonly random = new SeededRandom(0, 0, 0);
  private readonly schedule: Schedule;
  private readonly series: Series[];
  private readonly startMs: number;
  private day = -1;
  private itemIndex: number;
  private slot = 0;
  private slotCount = 0;

  constructor(
    private readonly options: PriceWorldOptions,
    serverId: number,
  ) {
    const { seed, items, days, pointsPerDay, endAt } = options;
    this.startMs = endAt.getTime() - days * DAY_MS;
    this.schedule = new Schedule(seed, serverId, pointsPerDay, items.length);
    this.series = makeSeries(options, serverId, this.startMs);
    this.itemIndex = this.series.length;
  }

  /** Writes the next `chunk.count` rows. There must be that many. */
  fill(chunk: PriceChunk): void {
    let row = 0;
    while (row < chunk.count) {
      while (this.slot >= this.slotCount) this.openNextDay();
      const series = this.series[this.itemIndex];
      if (series === undefined) throw new Error('the price world ran out of series');
      const end = Math.min(chunk.count, row + this.slotCount - this.slot);
      for (; row < end; row += 1) this.writePoint(series, chunk, row);
    }
  }

  /** Goes to the next series of this day, or to the first one of the next day. */
  private openNextDay(): void {
    this.itemIndex += 1;
    if (this.itemIndex >= this.series.length) {
      this.itemIndex = 0;
      this.day += 1;
    }
    const series = this.series[this.itemIndex];
    if (series === undefined || this.day >= this.options.days) {
      throw new Error('the price world was asked for more rows than it has');
    }
    this.slot = 0;
    this.slotCount = this.schedule.pointsOn(this.random, this.itemIndex, series.itemId, this.day);
  }

  private writePoint(series: Series, chunk: PriceChunk, row: number): void {
    const { random } = this;
    const inSlot = SLOT_MARGIN + (1 - 2 * SLOT_MARGIN) * random.uniform();
    const dayStartMs = this.startMs + this.day * DAY_MS;
    const atMs = dayStartMs + Math.floor(((this.slot + inSlot) * DAY_MS) / this.slotCount);
    this.slot += 1;

    const gapDays = (atMs - series.lastAtMs) / DAY_MS;
    series.lastAtMs = atMs;
    series.logWalk += series.dailyVolatility * Math.sqrt(gapDays) * random.normal();
    if (random.uniform() < JUMPS_PER_DAY * gapDays) series.logWalk += jump(random);

    const fairPrice = Math.exp(series.logBase + series.logWalk + series.seasonAmplitude * season(atMs));
    const isTroll = random.uniform() < TROLL_SHARE;
    chunk.itemIds[row] = series.itemId;
    chunk.prices[row] = roundPrice(isTroll ? fairPrice * trollFactor(random) : fairPrice);
    chunk.capturedAtMs[row] = atMs;
    // The root makes many lots likelier than few: most listed items are listed in all sizes.
    chunk.lots[row] = 1 + Math.floor(MAX_LOTS * Math.sqrt(random.uniform()));
    chunk.isTroll[row] = isTroll ? 1 : 0;
  }
}

function makeSeries({ seed, items }: PriceWorldOptions, serverId: number, startMs: number): Series[] {
  const random = new SeededRandom(seed, ALL_ITEMS, serverId, TRAITS);
  const serverLog = SERVER_SPREAD * random.normal();
  return items.map(({ id, level }) => {
    random.rekey(seed, id, ALL_SERVERS, TRAITS);
    const itemLog = ITEM_SPREAD * random.normal();
    const volatility = DAILY_VOLATILITY * Math.exp(VOLATILITY_SPREAD * random.normal());
    const seasonAmplitude = between(SEASON_AMPLITUDE, random.uniform());
    random.rekey(seed, id, serverId, TRAITS);
    const seriesLog = SERIES_SPREAD * random.normal();
    const levelLog = Math.log(BASE_PRICE) + LOG_GROWTH_PER_LEVEL * (level ?? LEVEL_WHEN_UNKNOWN);
    return {
      itemId: id,
      logBase: levelLog + itemLog + serverLog + seriesLog,
      dailyVolatility: Math.min(MAX_DAILY_VOLATILITY, volatility),
      seasonAmplitude,
      logWalk: 0,
      lastAtMs: startMs,
    };
  });
}

function between(range: { min: number; max: number }, share: number): number {
  return range.min + (range.max - range.min) * share;
}

/** 1 at the peak of the week, -1 half a week later. */
function season(atMs: number): number {
  const weeks = atMs / WEEK_MS;
  return Math.cos(2 * Math.PI * (weeks - Math.floor(weeks) - SEASON_PEAK_WEEKS));
}

function jump(random: SeededRandom): number {
  const size = between(JUMP_SIZE, random.uniform());
  return random.uniform() < 0.5 ? -size : size;
}

/** 0.01 to 0.1 or 10 to 1,000, evenly in the logarithm. */
function trollFactor(random: SeededRandom): number {
  const isLow = random.uniform() < TROLL_LOW_SHARE;
  const share = random.uniform();
  return 10 ** (isLow ? -1 - share : 1 + 2 * share);
}

function roundPrice(price: number): number {
  const rounded = price < 10 ? Math.round(price * 100) / 100 : Math.round(price);
  return Math.min(MAX_PRICE, Math.max(0.01, rounded));
}

function emptyChunk(serverId: number, count: number): PriceChunk {
  return {
    serverId,
    count,
    itemIds: new Int32Array(count),
    prices: new Float64Array(count),
    capturedAtMs: new Float64Array(count),
    lots: new Int16Array(count),
    isTroll: new Uint8Array(count),
  };
}

function assertInteger(what: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(`${what} must be a whole number from ${min} to ${max}, not ${value}`);
  }
}

function assertOptions({ seed, items, servers, days, pointsPerDay, endAt }: PriceWorldOptions): void {
  assertInteger('the seed', seed, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  assertInteger('days', days, 1, MAX_DAYS);
  for (const { id, level } of items) {
    assertInteger('an item id', id, 0, MAX_ID);
    if (level !== null) assertInteger('a level', level, 0, 1_000);
  }
  for (const id of servers) assertInteger('a server id', id, 0, MAX_ID);
  if (new Set(items.map((item) => item.id)).size < items.length)
    throw new RangeError('an item id occurs twice');
  if (new Set(servers).size < servers.length) throw new RangeError('a server id occurs twice');
  if (!(pointsPerDay > 0 && pointsPerDay <= MAX_POINTS_PER_DAY)) {
    throw new RangeError(
      `pointsPerDay must be above 0 and at most ${MAX_POINTS_PER_DAY}, not ${pointsPerDay}`,
    );
  }
  if (!Number.isInteger(endAt.getTime())) throw new RangeError('endAt is not a valid date');
}
