import { readSpelling } from '../spelling.js';

/** Portuguese of both shores: a last o is u and a last e is i; nasal vowels are a vowel and an N. Accents but the tilde change no sound. */
export const PORTUGUESE = readSpelling({
  vowels: 'aeiouyãõ',
  marked: 'ãõç',
  rules: `
ão : AW N
ãe : AY N
õe : OY N
ã : AA N
õ : OW N
am / _# : AW N
em / _# : EY N
lh : L Y
nh : N Y
sch : SH
ch x : SH
ç : S
sc c / _[eiy] : S
qu / _[ei] : K
qu : K W
gu / _[ei] : G
gu / _[aoãõ] : G W
g / _[eiy] : ZH
j : ZH
ss : S
s / [V]_[V] : Z
z / _# : S
h :
th : T
ph : F
ou : OW
ei ey : EY
ai ay : AY
oi oy : OY
au : AW
o / _s?# : UW
e / _s?# : IY
i / _[aeouãõ] : Y
y / _[V] : Y
u / [^V]_[aeio] : W
`,
});
