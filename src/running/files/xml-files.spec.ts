import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { finished } from '../geo/portions.js';
import { ActivityFileReader, readActivities, readActivityFile } from './activity-file.reader.js';
import { ImportRefusal, type RefusalCode } from './import-refusal.js';
import { instantMs } from './instant.js';
import type { ParsedActivity } from './parsed-activity.js';
import { MOST_DEPTH, READ_LIMITS } from './read-limits.js';

const bytesOf = (text: string): Buffer => Buffer.from(text);

function gpx(points: string, version = '1.1'): string {
  const [major, minor] = version.split('.');
  return `<?xml version="1.0" encoding="UTF-8"?>
    <gpx version="${version}" xmlns="http://www.topografix.com/GPX/${major}/${minor}"><trk>${points}</trk></gpx>`;
}

function point(second: number, lat = 48 + second * 2e-5, lon = 16, inner = ''): string {
  const time = new Date(Date.UTC(2024, 4, 1) + second * 1_000).toISOString();
  return `<trkpt lat="${lat}" lon="${lon}"><ele>200</ele><time>${time}</time>${inner}</trkpt>`;
}

function seg(seconds: readonly number[]): string {
  return `<trkseg>${seconds.map((second) => point(second)).join('')}</trkseg>`;
}

function only(text: string | Uint8Array): ParsedActivity {
  const { activities } = readActivities(typeof text === 'string' ? bytesOf(text) : text);
  expect(activities).toHaveLength(1);
  return activities[0]!;
}

function refusalOf(work: () => unknown): ImportRefusal {
  try {
    work();
  } catch (error) {
    if (error instanceof ImportRefusal) return error;
    throw error;
  }
  throw new Error('It was taken');
}

describe('GPX', () => {
  it.each(['1.0', '1.1'])('reads version %s with name, type and sensors of any prefix', (version) => {
    const inner =
      '<extensions><a:wrap xmlns:a="urn:a"><a:hr>120</a:hr><a:cad>81</a:cad></a:wrap></extensions>';
    const text = gpx(
      `<name> A <![CDATA[<b> & ]]>c </name><type>running</type><desc>slow</desc><trkseg>${point(0, 48, 16, inner)}${point(1, 48.00002, 16, inner)}</trkseg>`,
      version,
    );
    const { name, notes, sport, track, startedAtMs } = only(text);
    expect([name, notes, sport]).toEqual(['A <b> & c', 'slow', 'run']);
    expect(startedAtMs).toBe(Date.UTC(2024, 4, 1));
    expect([...track.tMs]).toEqual([0, 1_000]);
    expect([...track.heartRateBpm!]).toEqual([120, 120]);
    expect([...track.cadenceSpm!]).toEqual([162, 162]);
    expect([...track.altitudeM!]).toEqual([200, 200]);
    expect(track.deviceDistanceM).toBeNull();
  });

  it('takes segments for pauses, and nothing between empty ones', () => {
    const { pauses, track } = only(gpx(`${seg([0, 1, 2])}<trkseg/>${seg([60, 61])}${seg([62])}`));
    expect(track.length).toBe(6);
    expect(pauses).toEqual([{ fromMs: 2_000, toMs: 60_000 }]);
  });

  it('takes several tracks for several activities and tells which are none', () => {
    const untimed =
      '<trk><name>Way</name><trkseg><trkpt lat="1" lon="1"/><trkpt lat="1" lon="2"/></trkseg></trk>';
    const text = gpx(`<name>One</name>${seg([0, 1])}`).replace(
      '</gpx>',
      `${untimed}<trk/><trk><name>Two</name>${seg([90, 91])}</trk></gpx>`,
    );
    const { activities, refused } = readActivities(bytesOf(text));
    expect(activities.map(({ name }) => name)).toEqual(['One', 'Two']);
    expect(refused.map(({ name, refusal }) => [name, refusal.code])).toEqual([['Way', 'no-times']]);
  });

  it('counts the steps of both feet whichever the file counts', () => {
    const both = (cadence: number): string =>
      gpx(
        `<trkseg>${[0, 1, 2].map((second) => point(second, 48 + second * 2e-5, 16, `<cad>${cadence}</cad>`)).join('')}</trkseg>`,
      );
    expect(only(both(84)).track.cadenceSpm![0]).toBe(168);
    expect(only(both(168)).track.cadenceSpm![0]).toBe(168);
  });

  it('keeps places at the poles and across the date line, and none that are no places', () => {
    const text = gpx(
      `<trkseg>${point(0, 90, 180)}${point(1, -90, -180)}${point(2, 0, 179.9999)}${point(3, 0, -179.9999)}${point(4, 90.1, 0)}${point(5, 0, 200)}${point(6, Number.NaN, 0)}</trkseg>`,
    );
    const { track } = only(text);
    expect([...track.latDeg]).toEqual([90, -90, 0, 0, Number.NaN, Number.NaN, Number.NaN]);
    expect([...track.lonDeg].slice(0, 4)).toEqual([180, -180, 179.9999, -179.9999]);
  });

  it.each<[string, string]>([
    ['a byte order mark', `\ufeff${gpx(seg([0, 1]))}`],
    ['blank lines before the declaration', `\n\n ${gpx(seg([0, 1]))}`],
    ['no namespace and no declaration', `<gpx><trk>${seg([0, 1])}</trk></gpx>`],
    [
      'a prefix on every tag',
      gpx(seg([0, 1]))
        .replaceAll('<', '<g:')
        .replaceAll('<g:/', '</g:')
        .replace('<g:?', '<?'),
    ],
  ])('is lenient with %s', (_what, text) => {
    expect(only(text).track.length).toBe(2);
  });

  it('reads UTF-16 and Latin-1 as they are declared', () => {
    const text = gpx(`<name>Übung</name>${seg([0, 1])}`);
    expect(only(Buffer.from(`\ufeff${text}`, 'utf16le')).name).toBe('Übung');
    expect(only(Buffer.from(text.replace('UTF-8', 'ISO-8859-1'), 'latin1')).name).toBe('Übung');
  });

  it('gives the same whichever pieces it comes in, and out of GZIP', async () => {
    const whole = bytesOf(gpx(`<name>Ünter</name>${seg(Array.from({ length: 40 }, (_, at) => at))}`));
    const expected = only(whole);
    const inPieces = async (bytes: Buffer, size: number): Promise<ParsedActivity> => {
      async function* pieces(): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      }
      return (await readActivityFile(pieces())).activities[0]!;
    };
    for (const size of [1, 7, 4_000]) expect(await inPieces(whole, size)).toEqual(expected);
    expect(await inPieces(gzipSync(whole), 100)).toEqual(expected);
    await expect(inPieces(gzipSync(whole).subarray(0, 100), 30)).rejects.toMatchObject({ code: 'truncated' });
    const broken = gzipSync(whole);
    broken.fill(7, 40, 60);
    await expect(inPieces(broken, 30)).rejects.toBeInstanceOf(ImportRefusal);
  });
});

describe('TCX', () => {
  const lap = (
    start: number,
    tracks: string,
  ): string => `<Lap StartTime="${at(start)}"><TotalTimeSeconds>10</TotalTimeSeconds>
    <DistanceMeters>30</DistanceMeters><Calories>3</Calories><AverageHeartRateBpm><Value>120</Value></AverageHeartRateBpm>
    <MaximumHeartRateBpm><Value>${130 + start}</Value></MaximumHeartRateBpm><TriggerMethod>Distance</TriggerMethod>${tracks}
    <Extensions><FatCalories><Value>7</Value></FatCalories></Extensions></Lap>`;
  const at = (second: number): string => new Date(Date.UTC(2024, 4, 1) + second * 1_000).toISOString();
  const tp = (
    second: number,
  ): string => `<Trackpoint><Time>${at(second)}</Time><Position><LatitudeDegrees>${48 + second * 2e-5}</LatitudeDegrees>
    <LongitudeDegrees>16</LongitudeDegrees></Position><DistanceMeters>${second * 3}</DistanceMeters><HeartRateBpm><Value>${100 + second}</Value></HeartRateBpm>
    <Extensions><TPX><Speed>3</Speed><RunCadence>80</RunCadence></TPX></Extensions></Trackpoint>`;
  const tcx = (inner: string): string => `<TrainingCenterDatabase>${inner}</TrainingCenterDatabase>`;
  const activity = (inner: string, sport = 'Running'): string =>
    `<Activity Sport="${sport}"><Id>x</Id>${inner}<Notes>felt good</Notes></Activity>`;

  it('reads laps with their totals, sensors, and the stops between the tracks of a lap', () => {
    const laps = `${lap(0, `<Track>${tp(0)}${tp(5)}</Track><Track>${tp(30)}</Track>`)}${lap(31, `<Track>${tp(31)}${tp(40)}</Track>`)}`;
    const parsed = only(tcx(`<Activities>${activity(laps)}</Activities>`));
    expect(parsed.pauses).toEqual([{ fromMs: 5_000, toMs: 30_000 }]);
    expect(parsed.laps).toEqual([
      { endMs: 31_000, distanceM: 30, trigger: 'distance' },
      { endMs: 40_000, distanceM: 30, trigger: 'distance' },
    ]);
    expect(parsed.deviceTotals).toMatchObject({
      distanceM: 60,
      timerTimeS: 20,
      caloriesKcal: 6,
      averageHeartRateBpm: 120,
      maxHeartRateBpm: 161,
    });
    expect([...parsed.track.heartRateBpm!]).toEqual([100, 105, 130, 131, 140]);
    expect([...parsed.track.cadenceSpm!]).toEqual([160, 160, 160, 160, 160]);
    expect([...parsed.track.deviceDistanceM!]).toEqual([0, 15, 90, 93, 120]);
    expect(parsed.notes).toBe('felt good');
  });

  it('reads the activities of a multisport session, each as one', () => {
    const session = `<Activities><MultiSportSession><FirstSport>${activity(lap(0, `<Track>${tp(0)}${tp(5)}</Track>`), 'Biking')}</FirstSport>
      <NextSport>${activity(lap(9, `<Track>${tp(9)}${tp(15)}</Track>`))}</NextSport></MultiSportSession></Activities>`;
    const { activities } = readActivities(bytesOf(tcx(session)));
    expect(activities.map(({ sport, track }) => [sport, track.length])).toEqual([
      ['ride', 2],
      ['run', 2],
    ]);
  });

  it('refuses courses, whose times are of a plan', () => {
    const course = `<Courses><Course><Track>${tp(0)}${tp(1)}</Track></Course></Courses>`;
    expect(refusalOf(() => only(tcx(course))).code).toBe('not-an-activity');
  });
});

describe('what is refused', () => {
  const laughs = Array.from(
    { length: 10 },
    (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`,
  ).join('');
  const long = 'x'.repeat(3_000_000);
  it.each<[string, string, RefusalCode]>([
    ['nothing', '', 'empty'],
    ['a picture', '\x89PNG\r\n', 'unknown-format'],
    ['a ZIP where a file is expected', 'PK\x03\x04aaaa', 'nested-archive'],
    ['JSON', '{"a":1}', 'unknown-format'],
    ['a page', '<!-- x --><html><body/></html>', 'wrong-root'],
    [
      'a billion laughs',
      `<?xml version="1.0"?><!DOCTYPE gpx [<!ENTITY l0 "ha">${laughs}]><gpx>&l10;</gpx>`,
      'document-type',
    ],
    [
      'a quadratic blow-up',
      `<!DOCTYPE gpx [<!ENTITY a "${'a'.repeat(100_000)}">]><gpx>${'&a;'.repeat(9_999)}</gpx>`,
      'document-type',
    ],
    [
      'a file of another machine',
      '<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/passwd">]><gpx>&x;</gpx>',
      'document-type',
    ],
    ['an endless document type', `<!DOCTYPE gpx [${long}`, 'too-long-text'],
    ['an entity without a definition', gpx(`<name>&ha;</name>${seg([0, 1])}`), 'not-well-formed'],
    [
      'an entity named like a property of all objects',
      gpx(`<name>&constructor;</name>${seg([0, 1])}`),
      'not-well-formed',
    ],
    ['deep nesting', `<gpx>${'<a>'.repeat(100_000)}`, 'too-deep'],
    ['one level too many', `<gpx>${'<a>'.repeat(MOST_DEPTH)}`, 'too-deep'],
    ['an endless name', gpx(`<name>${long}</name>`), 'too-long-text'],
    ['an endless attribute', `<gpx a="${long}"/>`, 'too-long-text'],
    ['an endless comment', `<gpx><!-- ${long} --></gpx>`, 'too-long-text'],
    [
      'endless attributes',
      `<gpx ${Array.from({ length: 200_000 }, (_, at) => `a${at}="1"`).join(' ')}/>`,
      'too-long-text',
    ],
    [
      'laps without end',
      `<TrainingCenterDatabase><Activities><Activity>${'<Lap/>'.repeat(READ_LIMITS.laps + 1)}`,
      'too-many-laps',
    ],
    ['a cut file', gpx(seg([0, 1, 2])).slice(0, -30), 'truncated'],
    ['a wrong tag', gpx(`${seg([0, 1])}</trkseg>`), 'not-well-formed'],
    ['text behind the end', `${gpx(seg([0, 1]))}<gpx/>`, 'not-well-formed'],
    ['no times', gpx('<trkseg><trkpt lat="1" lon="1"/><trkpt lat="1" lon="2"/></trkseg>'), 'no-times'],
    ['one point', gpx(seg([0])), 'too-few-points'],
    [
      'a route',
      '<gpx><rte><rtept lat="1" lon="1"><time>2024-01-01T00:00:00Z</time></rtept></rte></gpx>',
      'not-an-activity',
    ],
    ['single places', '<gpx><wpt lat="1" lon="1"/></gpx>', 'no-track'],
    ['an unknown encoding', '<?xml version="1.0" encoding="klingon"?><gpx/>', 'not-readable'],
    ['an activity of the year 1', gpx(seg([0, 1])).replaceAll('2024-', '0001-'), 'wrong-date'],
    ['an activity of the year 2999', gpx(seg([0, 1])).replaceAll('2024-', '2999-'), 'wrong-date'],
    ['neither places nor distances', gpx(`<trkseg>${point(0, 99)}${point(1, 99)}</trkseg>`), 'no-distance'],
    [
      'two months',
      gpx(`<trkseg>${[0, 1, 2, 3].map((day) => point(day * 1_400_000)).join('')}</trkseg>`),
      'too-long',
    ],
  ])('%s', (_what, text, code) => {
    const started = process.memoryUsage().arrayBuffers;
    expect(refusalOf(() => readActivities(Buffer.from(text, 'latin1'))).code).toBe(code);
    expect(process.memoryUsage().arrayBuffers - started).toBeLessThan(50_000_000);
  });

  it('names the line and nothing of the file', () => {
    const { message } = refusalOf(() => readActivities(bytesOf('<gpx>\n\n<secret>&nope;</secret></gpx>')));
    expect(message).toBe('The XML is damaged. (line 3)');
  });

  it('more bytes, points or activities than are taken', () => {
    const limits = { ...READ_LIMITS, bytes: 3_000, points: 5, activities: 2 };
    const read = (text: string): unknown => readActivities(bytesOf(text), limits);
    expect(refusalOf(() => read(`<gpx>${' '.repeat(3_000)}</gpx>`)).code).toBe('too-large');
    expect(refusalOf(() => read(gpx(seg([0, 1, 2, 3, 4, 5])))).code).toBe('too-many-points');
    expect(refusalOf(() => read('<gpx><trk/><trk/><trk/></gpx>')).code).toBe('too-many-activities');
  });

  it('any bytes, with nothing but a refusal', () => {
    const valid = bytesOf(gpx(`<name>N</name><type>run</type>${seg([0, 1, 2, 3])}`));
    const damaged = fc
      .array(fc.tuple(fc.nat(valid.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const bytes = Buffer.from(valid);
        for (const [at, byte] of changes) bytes[at] = byte;
        return bytes;
      });
    const pieces = fc.array(
      fc.constantFrom(
        '<gpx>',
        '<trk>',
        '</trk>',
        '<trkseg>',
        '<trkpt lat="1" lon="2">',
        '</trkpt>',
        '<time>',
        '2024-01-01T00:00:00Z',
        '</time>',
        '<extensions>',
        '<hr>',
        '9',
        '&amp;',
        '&#0;',
        '<!--',
        ']]>',
        '<TrainingCenterDatabase>',
        '<Activities>',
        '<Activity Sport="x">',
        '<Lap>',
        '<Track>',
        '<Trackpoint>',
        '</Activity>',
        '<?a b?>',
        '\u{1f600}',
        '\0',
      ),
      { maxLength: 30 },
    );
    const noise = fc.oneof(
      damaged,
      pieces.map((all) => bytesOf(all.join(''))),
      fc.uint8Array({ maxLength: 200 }),
    );
    fc.assert(
      fc.property(noise, (bytes) => {
        try {
          for (const { track } of readActivities(bytes).activities) expect(track.length).toBeGreaterThan(1);
        } catch (error) {
          expect(error).toBeInstanceOf(ImportRefusal);
        }
      }),
      { numRuns: 600 },
    );
  });
});

describe('many points', () => {
  it('need memory for their columns alone', () => {
    const reader = new ActivityFileReader();
    const before = process.memoryUsage();
    const count = 100_000;
    reader.write(bytesOf('<gpx><trk><trkseg>'));
    const step = 500;
    for (let from = 0; from < count; from += step) reader.write(bytesOf(seg2(from, step)));
    reader.write(bytesOf('</trkseg></trk></gpx>'));
    const { track } = finished(reader.finish()).activities[0]!;
    expect(track.length).toBe(count);
    const bytes = process.memoryUsage().arrayBuffers - before.arrayBuffers;
    // Four columns of 8 bytes, doubled while they grow.
    expect(bytes).toBeLessThan(count * 8 * 4 * 3);
  });

  function seg2(from: number, count: number): string {
    let text = '';
    for (let at = from; at < from + count; at += 1) text += point(at, 48 + at * 1e-6);
    return text;
  }
});

describe('an instant', () => {
  it('is what Date makes of it, for every way to write it', () => {
    const dates = fc.date({ min: new Date(0), max: new Date('2199-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const iso = date.toISOString();
        expect(instantMs(iso)).toBe(date.getTime());
        expect(instantMs(`${iso.slice(0, 19)}Z`)).toBe(Math.floor(date.getTime() / 1_000) * 1_000);
        expect(instantMs(`${iso.slice(0, 23)}+02:30`)).toBe(date.getTime() - 9_000_000);
      }),
    );
  });

  it.each([
    ['2015-12-11T15:43:13.994+01:00', 1449844993994],
    [' 2013-01-01T12:00:00 ', 1357041600000],
    ['2013-01-01 12:00Z', 1357041600000],
    ['2016-12-31T23:59:60Z', 1483228800000],
    ['2013-02-30T12:00:00Z', Number.NaN],
    ['2013-13-01T12:00:00Z', Number.NaN],
    ['2013-01-01T25:00:00Z', Number.NaN],
    ['2013-01-01T12:00:00.0x0Z', Number.NaN],
    ['2013-01-01T12:00:00.00xZ', Number.NaN],
    ['2013-01-01T12:00:00x000Z', Number.NaN],
    ['2013-01-01T12:00:6o.000Z', Number.NaN],
    ['yesterday', Number.NaN],
    ['', Number.NaN],
  ])('%j is %d', (text, ms) => {
    expect(instantMs(text)).toBe(ms);
  });
});
