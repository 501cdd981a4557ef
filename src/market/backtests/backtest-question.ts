import { z } from 'zod';
import { SCANNER_RULE } from '../analytics/scanner-rule.js';
import { SIGNAL_RULE } from './signal-rule.js';

/** A rule of the scanner or of signals, the days on which it is tried, and how what it buys is sold. */
const QUESTION = z.strictObject({
  rule: SCANNER_RULE.optional(),
  /** Buys at a buy signal and sells at a sell signal. */
  signals: SIGNAL_RULE.optional(),
  /** First and last day, UTC; the window of the rule reaches back before the first. */
  from: z.iso.date(),
  to: z.iso.date(),
  /** Days from purchase to sale. */
  holdDays: z.number().int().min(1).max(365).default(7),
  /** Sells on the first day that begins with this much gain, percent after tax and fee. */
  takeProfitPct: z.number().positive().max(1e6).optional(),
  /** Sells on the first day that begins with this much loss, percent after tax and fee. */
  stopLossPct: z.number().positive().max(100).optional(),
  /** Of the random buying: the same seed, the same answer. */
  seed: z.number().int().min(0).max(0xffff_ffff).default(1),
});

export const BACKTEST_QUESTION = QUESTION.refine(
  ({ rule, signals }) => (rule === undefined) !== (signals === undefined),
  { path: ['rule'], error: 'takes either a rule of the scanner or signals' },
);
export type BacktestQuestion = z.output<typeof BACKTEST_QUESTION>;
