import { readSpelling } from '../spelling.js';

/** Spanish with seseo and yeísmo, as most of its speakers say it; b is v, h is silent. Accents change no sound. */
export const SPANISH = readSpelling({
  vowels: 'aeiouyü',
  marked: 'ñü',
  rules: `
ch tx : CH
ll : Y
ñ : N Y
qu / _[ei] : K
qu : K W
gu / _[ei] : G
gu gü / _[aoei] : G W
g / _[eiy] : HH
j : HH
x / #_ : HH
sc c / _[eiy] : S
cc / _[ei] : K S
z : S
tz : T S
v : B
hu / #_[aeio] : W
hu / [V]_[aeio] : W
h :
th : T
ph : F
y / _# : IY
y / _[V] : Y
i / [^V]_[aeou] : Y
u / [^V]_[aeio] : W
ai ay : AY
ei ey : EY
oi oy : OY
au : AW
ü : UW
`,
});
