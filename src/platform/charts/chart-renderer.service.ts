import { Injectable } from '@nestjs/common';
import type Lru from 'zrender/lib/core/LRU.js';
import type { ChartOption } from './chart-style.js';

type Core = typeof import('echarts/core');

/** Names with numbers that the library counts up from picture to picture; within one they only have to agree. */
const COUNTED_NAME = /(\bid="|url\(#)zr\d+-/g;
/** What changes under a pointer, which is nothing here; counted up likewise. Text of ours has no `<` and no `"` of its own. */
const HOVER = / class="zr\d+-cls-\d+"|<style[^]*?<\/style>\n?/g;

/**
 * Draws options of Apache ECharts to SVG text, in the process and without a browser. Only the parts that our charts use are loaded,
 * and they only by a process that draws.
 */
@Injectable()
export class ChartRenderer {
  private loading: Promise<Core> | undefined;

  /** The same option and size give the same text. A picture of a quarter takes 20 to 40 ms, one of two years up to 120. */
  async draw(option: ChartOption, { width, height }: { width: number; height: number }): Promise<string> {
    const core = await (this.loading ??= load());
    const chart = core.init(null, null, { renderer: 'svg', ssr: true, width, height });
    try {
      chart.setOption(option);
      return chart.renderToSVGString().replace(COUNTED_NAME, '$1zr-').replace(HOVER, '');
    } finally {
      chart.dispose();
    }
  }
}

async function load(): Promise<Core> {
  const [{ default: lru }, core, charts, components, renderers] = await Promise.all([
    import('zrender/lib/core/LRU.js'),
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  keepTextsApart(lru);
  core.use([
    charts.LineChart,
    charts.ScatterChart,
    charts.BarChart,
    charts.CustomChart,
    components.GridComponent,
    components.TitleComponent,
    renderers.SVGRenderer,
  ]);
  return core;
}

/**
 * The library remembers the widths of texts in a plain object. A text like `__proto__` would be looked up as what every object of the
 * process inherits from, which its cache then writes to (seen in zrender 6.1.0): with a mark before them, no text is such a name.
 */
function keepTextsApart(lru: typeof Lru): void {
  const methods: CacheMethods = lru.prototype;
  const { get, put } = methods;
  methods.get = function (key) {
    return get.call(this, `text:${key}`);
  };
  methods.put = function (key, value) {
    return put.call(this, `text:${key}`, value);
  };
}

interface CacheMethods {
  get: (this: unknown, key: string | number) => unknown;
  put: (this: unknown, key: string | number, value: unknown) => unknown;
}
