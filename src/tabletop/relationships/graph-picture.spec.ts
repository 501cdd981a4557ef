import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChartRenderer } from '../../platform/charts/chart-renderer.service.js';
import { hopsFrom, neighboursOf, type Pair } from './graph.js';
import { graphOption, type PicturedEdge, type PicturedNode } from './graph-picture.js';
import { radialLayout } from './radial-layout.js';

const ids = Array.from({ length: 14 }, (_, index) => `n${String(index).padStart(2, '0')}`);
const pairs: fc.Arbitrary<Pair[]> = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...ids)), {
  maxLength: 30,
});
const EVIL = `<script>alert("1")</script> & 'zr1-\u0000\ud800]]>`;

const nodesOf = (edges: readonly Pair[]): PicturedNode[] =>
  [...hopsFrom(neighboursOf(edges), 'n00', 9)].map(([id, hops]) => ({
    id,
    hops,
    name: hops === 1 ? EVIL : id,
  }));

describe('a radial layout', () => {
  it('puts everybody on their ring, nobody on top of another, the same each time', () => {
    fc.assert(
      fc.property(pairs, (edges) => {
        const nodes = nodesOf(edges);
        const rings = Math.max(1, ...nodes.map(({ hops }) => hops));
        const places = radialLayout(nodes, edges);
        expect(places.size).toBe(nodes.length);
        const taken = new Set<string>();
        for (const { id, hops } of nodes) {
          const { x, y } = places.get(id)!;
          expect(Math.hypot(x, y)).toBeCloseTo(hops / rings, 9);
          taken.add(`${x.toFixed(6)} ${y.toFixed(6)}`);
        }
        expect(taken.size).toBe(nodes.length);
        expect(radialLayout(nodes.toReversed(), edges.toReversed())).toEqual(places);
      }),
    );
  });
});

describe('a picture of relations', () => {
  it('is SVG without a sign of what names are made of, whatever the graph', async () => {
    const renderer = new ChartRenderer();
    await fc.assert(
      fc.asyncProperty(
        pairs,
        fc.option(fc.integer({ min: -100, max: 100 })),
        fc.boolean(),
        fc.constantFrom('light' as const, 'dark' as const),
        async (made, strength, isDirected, theme) => {
          const edges = made.map(([fromId, toId]): PicturedEdge => ({
            fromId,
            toId,
            type: EVIL,
            isDirected,
            strength,
          }));
          const picture = { title: EVIL, subtitle: EVIL, width: 640, height: 480, theme };
          const option = graphOption(picture, nodesOf(made), edges);
          const svg = await renderer.draw(option, picture);
          expect(svg).toMatch(/^(?:<\/?\w+(?: [\w:-]+="[^"<]*")* ?\/?>|[^<>"]|")*$/);
          expect(svg).not.toMatch(/NaN|Infinity|undefined|<style|<script/);
          expect(await renderer.draw(graphOption(picture, nodesOf(made), edges), picture)).toBe(svg);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('names those it shows', async () => {
    const nodes = [
      { id: 'a', hops: 0, name: 'Ulssin' },
      { id: 'b', hops: 1, name: 'Gloomburn' },
    ];
    const edges = [{ fromId: 'a', toId: 'b', type: 'rival', isDirected: true, strength: -40 }];
    const size = { width: 640, height: 480 };
    const svg = await new ChartRenderer().draw(
      graphOption({ title: 'T', subtitle: 'S', theme: 'light', ...size }, nodes, edges),
      size,
    );
    for (const words of ['Ulssin', 'Gloomburn', 'rival']) expect(svg).toContain(`>${words}</text>`);
  });
});
