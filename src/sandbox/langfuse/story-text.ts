import { randomFrom } from '../random.js';

// What is said in a play of the story game. Invented; the same for the same numbers.

const OPENINGS = [
  'Rain on the tram window',
  'A table by the river',
  'The last song of the evening',
  'Two umbrellas and one door',
];
const TURNS = [
  'and neither of you wants to be the first to leave',
  'while somebody at the bar laughs too loudly',
  'and the café closes in ten minutes',
  'although the plan had been quite another',
];
const CHOICES = [
  'Ask about the scar',
  'Order another coffee',
  'Tell the truth about Lisbon',
  'Look at the clock',
  'Say nothing and smile',
  'Offer to walk home together',
  'Change the subject',
  'Take the photograph',
];

const pickFrom = <T>(list: readonly T[], random: () => number): T =>
  list[Math.floor(random() * list.length)]!;

export interface Choice {
  readonly key: string;
  readonly title: string;
}

/** The two to four choices of a turn. @param seed follows from story and turn */
export function choicesOf(seed: number): Choice[] {
  const random = randomFrom(seed);
  const count = 2 + Math.floor(random() * 3);
  const from = Math.floor(random() * CHOICES.length);
  return ['A', 'B', 'C', 'D']
    .slice(0, count)
    .map((key, index) => ({ key, title: CHOICES[(from + index) % CHOICES.length]! }));
}

/** Which of them the player takes; the first is taken more often. */
export function pickedOf(seed: number): Choice {
  const choices = choicesOf(seed);
  const random = randomFrom(seed ^ 0x5bd1e995);
  return random() < 0.4 ? choices[0]! : pickFrom(choices, random);
}

export function scene(seed: number, mortal: string, match: string): string {
  const random = randomFrom(seed);
  const sentences = Array.from({ length: 3 + Math.floor(random() * 4) }, () => {
    const who = random() < 0.5 ? mortal : match;
    return `${pickFrom(OPENINGS, random)}: ${who} looks up, ${pickFrom(TURNS, random)}.`;
  });
  return sentences.join(' ');
}
