import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTabletopWorld, type TabletopWorld } from '../../../test/support/tabletop-world.js';
import { openUnits, type TestUnits } from '../../../test/support/units.js';
import type { Principal } from '../../platform/auth/principal.js';
import type { DomainError } from '../../platform/http/domain-error.js';
import { TABLETOP_ERROR } from '../tabletop.errors.js';
import { TableImports } from './table-imports.service.js';
import { TableRolls } from './table-rolls.service.js';
import { TableWriter } from './table-writer.service.js';
import type { NewRandomTableDto, RandomTableDto, TableImportReportDto } from './tables.dto.js';
import { TablesRepository } from './tables.repository.js';
import { TablesService } from './tables.service.js';

// Tables of a campaign over a real database: what players learn of tables that they do not see, and what is out of a deck.

let units: TestUnits;
let world: TabletopWorld;
let tables: TablesService;
let rolls: TableRolls;
let imports: TableImports;

beforeAll(async () => {
  units = await openUnits();
  world = openTabletopWorld(units);
  const rows = new TablesRepository();
  const writer = new TableWriter(rows);
  const { access, objects, reader, idempotency, changes } = world;
  tables = new TablesService(units.app, access, objects, reader, writer, rows, idempotency);
  rolls = new TableRolls(units.app, units.system, objects, rows, changes);
  imports = new TableImports(units.app, access, objects, writer, idempotency);
});

afterAll(() => units.close());

const code = (name: keyof typeof TABLETOP_ERROR) => expect.objectContaining({ code: TABLETOP_ERROR[name] });

interface Table {
  master: Principal;
  player: Principal;
  observer: Principal;
  campaignId: string;
  make: (name: string, wish: Partial<NewRandomTableDto>) => Promise<RandomTableDto>;
}

async function atATable(): Promise<Table> {
  const { master, campaignId } = await world.aCampaign();
  return {
    master,
    campaignId,
    player: await world.aSeat(campaignId, 'player'),
    observer: await world.aSeat(campaignId, 'observer'),
    make: async (name, wish) =>
      (await tables.create(master, campaignId, { name, rows: [{ text: name }], ...wish }, undefined)).body,
  };
}

describe('a table within another one', () => {
  it('answers players who do not see it, and stays nameless', async () => {
    const { master, player, make } = await atATable();
    await make('Traitors of the crown', {
      rows: [{ text: 'a knife from behind' }],
      variables: { grudge: 1 },
    });
    const open = await make('Night watch', {
      visibility: 'party',
      rows: [{ text: 'At midnight: {@traitors of the CROWN}' }],
    });
    expect(open.rows[0]!.text).toBe('At midnight: {@Traitors of the crown}');

    const seen = await tables.find(player, open.id);
    expect(seen.rows[0]!.text).toBe('At midnight: {@?}');
    const { results } = await rolls.roll(player, open.id, { seed: 's' });
    expect(results).toEqual([
      {
        text: 'At midnight: a knife from behind',
        rows: [{ tableId: open.id, tableName: 'Night watch', row: 0, depth: 0, thrown: [] }],
      },
    ]);
    const odds = await rolls.odds(player, open.id, undefined);
    expect(odds.results).toEqual([{ text: 'At midnight: {@?}', parts: '1', whole: '1', ratio: 1 }]);
    const told = JSON.stringify([
      seen,
      results,
      odds,
      await tables.list(player, open.campaignId, { limit: 50 }),
    ]);
    expect(told).not.toMatch(/Traitors|grudge/i);
    expect(
      (await rolls.roll(master, open.id, {})).results[0]!.rows.map(({ tableName }) => tableName),
    ).toEqual(['Night watch', 'Traitors of the crown']);
    expect((await rolls.odds(master, open.id, undefined)).results![0]!.text).toBe(
      'At midnight: a knife from behind',
    );
  });

  it('does not say to players what is wrong with it', async () => {
    const { master, player, make } = await atATable();
    const hidden = await make('The duke did it', { rows: [{ text: '{$dukesSecret}' }] });
    const open = await make('Gossip', { visibility: 'party', rows: [{ text: '{@The duke did it}' }] });
    const failed = await rolls.roll(player, open.id, {}).then(String, (error: DomainError) => error);
    expect(failed).toEqual(code('rollFailed'));
    const { message, faults } = failed as DomainError;
    expect(JSON.stringify([message, faults])).not.toMatch(/duke/i);
    await expect(rolls.roll(master, open.id, {})).rejects.toThrow(
      /There is no value for \$dukesSecret.*The duke did it.*row 1/,
    );
    expect((await rolls.roll(player, open.id, { variables: { dukesSecret: 'rain' } })).results[0]!.text).toBe(
      'rain',
    );
    await tables.remove(master, hidden.id, undefined);
    await expect(rolls.roll(master, open.id, {})).rejects.toThrow(/not there/);
    await expect(rolls.odds(player, open.id, '{"level":')).rejects.toEqual(code('invalidVariables'));
  });

  it('is found by its name, by its id, and among several of a name by what was meant before', async () => {
    const { master, campaignId, make } = await atATable();
    const [one] = [await make('Gems', {}), await make('gems', {})];
    const by = (text: string) => make('Hoard', { rows: [{ text }] });
    await expect(by('{@Gems}')).rejects.toMatchObject({
      faults: [{ pointer: '/rows/0/text', code: 'ambiguous-table' }],
    });
    await expect(by('{@Coins}')).rejects.toMatchObject({
      code: TABLETOP_ERROR.invalidTable,
      faults: [{ code: 'unknown-table' }],
    });
    const hoard = await by(`{@${one.id}}`);
    const changed = await tables.change(
      master,
      hoard.id,
      { rows: [{ text: 'more {@Gems}' }] },
      hoard.version,
    );
    expect((await rolls.roll(master, changed.id, {})).results[0]!.rows[1]!.tableId).toBe(one.id);
    await expect(tables.change(master, hoard.id, { name: 'x' }, hoard.version)).rejects.toEqual(
      code('stale'),
    );
    const renamed = await tables.change(master, one.id, { name: 'Stones' }, undefined);
    expect((await tables.find(master, hoard.id)).rows[0]!.text).toBe(`more {@${renamed.name}}`);
    const { campaignId: elsewhere, make: makeElsewhere } = await atATable();
    expect(elsewhere).not.toBe(campaignId);
    await expect(makeElsewhere('Thief', { rows: [{ text: `{@${one.id}}` }] })).rejects.toEqual(
      code('invalidTable'),
    );
  });

  it('never comes back to itself, nor goes too deep', async () => {
    const { master, make } = await atATable();
    const first = await make('T0', {});
    let last = first;
    for (let depth = 1; depth <= 11; depth += 1)
      last = await make(`T${depth}`, { rows: [{ text: `{@T${depth - 1}}` }] });
    await expect(make('T12', { rows: [{ text: '{@T11}' }] })).rejects.toMatchObject({
      faults: [{ code: 'too-deep' }],
    });
    await expect(
      tables.change(master, first.id, { rows: [{ text: '{@T11}' }] }, undefined),
    ).rejects.toMatchObject({ faults: [{ code: 'ring' }] });
    await expect(
      tables.change(master, first.id, { rows: [{ text: '{@T0}' }] }, undefined),
    ).rejects.toMatchObject({ faults: [{ code: 'ring' }] });
    expect((await rolls.roll(master, last.id, {})).results[0]!.text).toBe('T0');
    // One that was stored round the back is a clear answer all the same.
    await units.owner(
      `UPDATE tabletop.object SET details = jsonb_build_object('rows', jsonb_build_array(jsonb_build_object('text', '{@' || $1::text || '}')), 'nested', jsonb_build_array($1::text)) WHERE id = $2`,
      [last.id, first.id],
    );
    await expect(rolls.roll(master, last.id, {})).rejects.toThrow(/ring/);
    await units.owner(
      `UPDATE tabletop.object SET details = '{"rows":[{"text":"{"}],"nested":7}' WHERE id = $1`,
      [first.id],
    );
    await expect(rolls.roll(master, first.id, {})).rejects.toEqual(code('rollFailed'));
    expect((await tables.find(master, first.id)).rows).toEqual([]);
  });
});

describe('a deck', () => {
  const cards = {
    isDeck: true,
    visibility: 'party' as const,
    rows: ['a', 'b', 'c', 'd'].map((text) => ({ text })),
  };
  const texts = async (by: Principal, id: string, wish = {}): Promise<string[]> =>
    (await rolls.roll(by, id, wish)).results.map(({ text }) => text);

  it('is one for all who draw from it, at the same time too', async () => {
    const { master, player, make } = await atATable();
    const deck = await make('Omens', cards);
    const drawn = await Promise.all([master, player, player, master].map((who) => texts(who, deck.id)));
    expect(drawn.flat().sort()).toEqual(['a', 'b', 'c', 'd']);
    expect(await texts(master, deck.id, { count: 4 }).then((all) => all.sort())).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
    const outer = await make('Reading', { rows: [{ text: '{4@Omens}' }] });
    expect((await texts(master, outer.id))[0]!.split(', ').sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('stays as it is where a seed is given, begins anew when it is shuffled or has other cards', async () => {
    const { master, player, make } = await atATable();
    const deck = await make('Omens', cards);
    const first = await texts(player, deck.id, { count: 3 });
    expect(await texts(player, deck.id, { seed: 'x', count: 4 })).toEqual(
      await texts(master, deck.id, { seed: 'x', count: 4 }),
    );
    expect(first).not.toContain((await texts(player, deck.id))[0]);
    await texts(player, deck.id, { count: 3 });
    await expect(rolls.shuffle(player, deck.id)).rejects.toEqual(code('roleTooLow'));
    await rolls.shuffle(master, deck.id);
    expect(new Set(await texts(player, deck.id, { count: 4 })).size).toBe(4);
    await texts(player, deck.id, { count: 1 });
    await tables.change(master, deck.id, { rows: [{ text: 'e' }, { text: 'f' }] }, undefined);
    expect((await texts(player, deck.id, { count: 2 })).sort()).toEqual(['e', 'f']);
  });
});

describe('who sits elsewhere', () => {
  it('neither reads nor rolls nor makes; observers read, players roll, masters make', async () => {
    const { master, player, observer, campaignId, make } = await atATable();
    const { master: stranger } = await atATable();
    const [open, hidden] = [await make('Weather', { visibility: 'party' }), await make('Plans', {})];
    for (const who of [stranger, player, observer]) {
      await expect(tables.find(who, hidden.id)).rejects.toEqual(code('unknownObject'));
      await expect(rolls.roll(who, hidden.id, {})).rejects.toEqual(code('unknownObject'));
      await expect(rolls.odds(who, hidden.id, undefined)).rejects.toEqual(code('unknownObject'));
    }
    await expect(tables.find(stranger, open.id)).rejects.toEqual(code('unknownObject'));
    await expect(
      tables.create(stranger, campaignId, { name: 'x', rows: [{ text: 'x' }] }, undefined),
    ).rejects.toEqual(code('unknownCampaign'));
    await expect(
      tables.create(player, campaignId, { name: 'x', rows: [{ text: 'x' }] }, undefined),
    ).rejects.toEqual(code('roleTooLow'));
    await expect(tables.change(player, open.id, { rows: [{ text: '{' }] }, undefined)).rejects.toEqual(
      code('roleTooLow'),
    );
    await expect(tables.remove(player, open.id, undefined)).rejects.toEqual(code('roleTooLow'));
    await expect(rolls.roll(observer, open.id, {})).rejects.toEqual(code('roleTooLow'));
    expect((await rolls.odds(observer, open.id, undefined)).rows).toHaveLength(1);
    expect((await rolls.roll(player, open.id, {})).results[0]!.text).toBe('Weather');
    expect((await tables.list(player, campaignId, { limit: 50 })).items.map(({ name }) => name)).toEqual([
      'Weather',
    ]);
    expect((await tables.list(master, campaignId, { limit: 1 })).nextCursor).not.toBeNull();
  });
});

describe('an import', () => {
  it('takes over what can be read, tables that ask each other too, and says the rest', async () => {
    const { master, player, campaignId } = await atATable();
    const content = JSON.stringify({
      tables: [
        {
          name: 'Caravan',
          rows: ['{2d4} guards with {@Cargo}', { text: 'lost: {@Nobody knows}', weight: 'x' }],
        },
        {
          name: 'Cargo',
          dice: '1d6',
          rows: [
            { range: '1-3', text: 'salt' },
            { range: '4-6', text: 'silk' },
          ],
        },
        { name: 'Empty', rows: [''] },
      ],
    });
    const wish = { format: 'json' as const, content, name: 'File', visibility: 'party' as const };
    const { body } = await imports.import(master, campaignId, wish, undefined);
    const report: TableImportReportDto = body;
    expect(report.tables.map(({ name, rowCount, id }) => [name, rowCount, id !== null])).toEqual([
      ['Cargo', 2, true],
      ['Empty', 0, false],
      ['Caravan', 2, true],
    ]);
    expect(
      report.tables.flatMap(({ notes }) => notes.map(({ line, code: what }) => `${line} ${what}`)),
    ).toEqual(['1 skipped', '1 skipped', '2 weight-ignored', '2 escaped']);
    const caravan = await tables.find(player, report.tables[2]!.id!);
    expect(caravan.rows.map(({ text }) => text)).toEqual([
      '{2d4} guards with {@Cargo}',
      'lost: {{@Nobody knows}}',
    ]);
    await expect(imports.import(master, campaignId, { ...wish, content: '{}' }, undefined)).rejects.toEqual(
      code('invalidTableFile'),
    );
    await expect(imports.import(player, campaignId, wish, undefined)).rejects.toEqual(code('roleTooLow'));
  });
});
