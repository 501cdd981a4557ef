import { readSpelling } from '../spelling.js';

/** Italian. A j is what it is in the foreign names that have one. */
export const ITALIAN = readSpelling({
  vowels: 'aeiouy',
  marked: '',
  rules: `
sch : S K
sci / _[aeou] : SH
sc / _[eiy] : SH
cch ch : K
cci ci / _[aeou] : CH
cc c / _[eiy] : CH
cq : K
qu cqu : K W
ggh gh : G
ggi gi / _[aeou] : JH
gg g / _[eiy] : JH
gli / _[aeou] : L Y
gli : L Y IY
gn : N Y
zz z : T S
s / [V]_[V] : Z
s / _[bdgvmnlr] : Z
h :
th : T
ph : F
i / _[aeou] : Y
y / _[V] : Y
u / [^V]_[aeio] : W
ai : AY
oi : OY
au : AW
ei : EY
`,
});
