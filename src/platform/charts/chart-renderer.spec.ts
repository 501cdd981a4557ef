import { describe, expect, it } from '@jest/globals';
import { ChartRenderer } from './chart-renderer.service.js';

const SIZE = { width: 320, height: 200 };
const titled = (text: string) => ({ title: { text }, xAxis: { data: [text] }, yAxis: {}, series: [] });

describe('a picture', () => {
  it('changes nothing in the process, whatever its texts are, and shows them', async () => {
    const renderer = new ChartRenderer();
    const plain = await renderer.draw(titled('plain'), SIZE);
    for (const name of [...Object.getOwnPropertyNames(Object.prototype), 'prev', 'next'])
      for (let time = 0; time < 2; time += 1) {
        const svg = await renderer.draw(titled(name), SIZE);
        expect(svg).toContain(`>${name}</text>`);
        expect(svg).not.toMatch(/NaN|undefined/);
      }
    const inherited: string[] = [];
    for (const key in {}) inherited.push(key);
    expect(inherited).toEqual([]);
    expect(await renderer.draw(titled('plain'), SIZE)).toBe(plain);
  });
});
