// Relations around somebody as a picture: rings of people, lines between them, green where they mean well, red where they do not.
import {
  base,
  type ChartOption,
  type ChartTheme,
  type Colours,
  COLOURS,
  nothing,
  titleOf,
} from '../../platform/charts/chart-style.js';
import { dotAt, drawn, lineAt, textAt } from '../../platform/charts/shapes.js';
import type { LaidNode, Place } from './radial-layout.js';
import { radialLayout } from './radial-layout.js';

export interface PicturedNode extends LaidNode {
  readonly name: string;
}

export interface PicturedEdge {
  readonly fromId: string;
  readonly toId: string;
  readonly type: string;
  readonly isDirected: boolean;
  readonly strength: number | null;
}

export interface GraphPicture {
  readonly title: string;
  readonly subtitle: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly theme: ChartTheme;
}

const TOP = 56;
const MARGIN = 60;
const LABEL_WIDTH = 110;
/** Words on lines where there is room for them. */
const MOST_LABELLED_EDGES = 30;
const ARROW = 7;

export function graphOption(
  picture: GraphPicture,
  nodes: readonly PicturedNode[],
  edges: readonly PicturedEdge[],
): ChartOption {
  const colours = COLOURS[picture.theme];
  const places = placed(picture, nodes, edges);
  const shown = edges.filter(({ fromId, toId }) => places.has(fromId) && places.has(toId));
  const shapes = [
    ...shown.flatMap((edge) => lineOf(edge, places, colours)),
    ...(shown.length <= MOST_LABELLED_EDGES ? shown.map((edge) => wordsOf(edge, places, colours)) : []),
    ...nodes.flatMap((node) => personOf(node, places.get(node.id), colours)),
  ];
  return {
    ...base(colours, true),
    title: [titleOf(picture, colours), ...(nodes.length === 0 ? [nothing('nobody to show', colours)] : [])],
    series: [drawn(shapes)],
  };
}

/** In pixels; the disc of the layout becomes an ellipse of the room that there is. */
function placed(
  { width, height }: GraphPicture,
  nodes: readonly PicturedNode[],
  edges: readonly PicturedEdge[],
): Map<string, Place> {
  const [middleX, middleY] = [width / 2, TOP + (height - TOP) / 2 - 8];
  const [spanX, spanY] = [width / 2 - MARGIN, (height - TOP) / 2 - 28];
  const unit = radialLayout(
    nodes,
    edges.map(({ fromId, toId }) => [fromId, toId] as const),
  );
  return new Map(
    [...unit].map(([id, { x, y }]) => [id, { x: tenth(middleX + x * spanX), y: tenth(middleY + y * spanY) }]),
  );
}

function lineOf(edge: PicturedEdge, places: ReadonlyMap<string, Place>, colours: Colours): object[] {
  const [from, to] = [places.get(edge.fromId)!, places.get(edge.toId)!];
  const width = 1 + Math.abs(edge.strength ?? 0) / 40;
  const stroke = strokeOf(edge.strength, colours);
  const line = lineAt(
    [
      [from.x, from.y],
      [to.x, to.y],
    ],
    stroke,
    tenth(width),
  );
  return edge.isDirected ? [line, arrowAt(from, to, stroke)] : [line];
}

/** Beyond the middle of the line, where no name hides it. */
function arrowAt(from: Place, to: Place, stroke: string): object {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  const tip = { x: from.x + (to.x - from.x) * 0.62, y: from.y + (to.y - from.y) * 0.62 };
  const side = (sign: number): [number, number] => [
    tenth(tip.x - dx * ARROW - sign * dy * ARROW * 0.6),
    tenth(tip.y - dy * ARROW + sign * dx * ARROW * 0.6),
  ];
  return lineAt([side(1), [tenth(tip.x), tenth(tip.y)], side(-1)], stroke, 1.5);
}

function strokeOf(strength: number | null, { grid, rise, fall, faint }: Colours): string {
  if (strength === null) return grid;
  if (strength === 0) return faint;
  return strength > 0 ? rise : fall;
}

function wordsOf(edge: PicturedEdge, places: ReadonlyMap<string, Place>, { faint }: Colours): object {
  const [from, to] = [places.get(edge.fromId)!, places.get(edge.toId)!];
  return textAt(edge.type, {
    x: tenth(from.x + (to.x - from.x) * 0.45),
    y: tenth(from.y + (to.y - from.y) * 0.45) - 6,
    width: LABEL_WIDTH,
    size: 10,
    fill: faint,
  });
}

function personOf(node: PicturedNode, place: Place | undefined, colours: Colours): object[] {
  if (place === undefined) return [];
  const isMiddle = node.hops === 0;
  return [
    dotAt(place.x, place.y, isMiddle ? 9 : 6, isMiddle ? colours.line : colours.faint),
    textAt(node.name, {
      x: place.x + 10,
      y: place.y + 14,
      width: LABEL_WIDTH,
      size: isMiddle ? 13 : 11,
      fill: colours.text,
      isBold: isMiddle,
    }),
  ];
}

function tenth(value: number): number {
  return Math.round(value * 10) / 10;
}
