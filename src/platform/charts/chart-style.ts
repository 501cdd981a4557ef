// What all pictures have in common: colours, letters, titles, and which text may stand in one.

export const CHART_THEMES = ['light', 'dark'] as const;
export type ChartTheme = (typeof CHART_THEMES)[number];

/** Goes into attributes as it is: without quotes. */
export const FONT = 'system-ui, Roboto, Helvetica, Arial, sans-serif';

/** In the words of the library that draws. */
export type ChartOption = Record<string, unknown>;

export interface Colours {
  background: string;
  text: string;
  faint: string;
  grid: string;
  line: string;
  rise: string;
  fall: string;
}

export const COLOURS: Record<ChartTheme, Colours> = {
  light: {
    background: '#ffffff',
    text: '#1f2933',
    faint: '#7b8794',
    grid: '#e9edf1',
    line: '#2563a8',
    rise: '#1a8754',
    fall: '#c2413b',
  },
  dark: {
    background: '#14181d',
    text: '#e4e9ee',
    faint: '#8a96a3',
    grid: '#272e36',
    line: '#6fb1f5',
    rise: '#4cc38a',
    fall: '#f07a72',
  },
};

/** XML has no place for these, in whatever way they are written. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\ufffe\uffff]/g;

export function printable(text: string): string {
  return text.toWellFormed().replace(UNPRINTABLE, ' ');
}

export function base({ background }: Colours, isFilled: boolean): ChartOption {
  return {
    animation: false,
    useUTC: true,
    backgroundColor: isFilled ? background : 'transparent',
    textStyle: { fontFamily: FONT },
  };
}

/** What is shown, and below it of what; cut where it does not fit. */
export function titleOf(
  { title, subtitle, width }: { title: string; subtitle: string; width: number },
  { text, faint }: Colours,
): ChartOption {
  const fits = { fontFamily: FONT, width: width - 40, overflow: 'truncate' };
  return {
    left: 16,
    top: 12,
    itemGap: 5,
    text: printable(title),
    subtext: printable(subtitle),
    textStyle: { ...fits, color: text, fontSize: 15, fontWeight: 600 },
    subtextStyle: { ...fits, color: faint, fontSize: 11 },
  };
}

/** In the place of a picture of nothing. */
export function nothing(words: string, { faint }: Colours): ChartOption {
  return {
    left: 'center',
    top: 'middle',
    text: words,
    textStyle: { color: faint, fontFamily: FONT, fontSize: 13, fontWeight: 400 },
  };
}
