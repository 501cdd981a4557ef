import { Injectable } from '@nestjs/common';
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
  const [core, charts, components, renderers] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
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
