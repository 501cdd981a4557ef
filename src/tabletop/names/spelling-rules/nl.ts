import { readSpelling } from '../spelling.js';

/** Dutch. Long vowels are short ones; g and ch are one sound, between what strangers hear, a g and a k; ui is taken for ij. */
export const DUTCH = readSpelling({
  vowels: 'aeiouyäëïöü',
  marked: 'äëïöü',
  rules: `
sch / _# : S
sch : S G
ch / #_[lr] : K
ch g gh : G
ng : NG
nk : NG K
sj : SH
tj : CH
sz / _# : S
dt th : T
qu : K V
c / _[eiy] : S
v : F
w : V
j : Y
ij ei ey ui uy : AY
ieuw : IY UW
eeuw : EH UW
ouw auw : AW
uw : UW
ou au : AW
oei : UW IY
ooi oi : OY
aai ai : AY
oe : UW
eu : AH
aa ae : AA
ee : EH
oo : OW
uu : UW
ie : IY
u : UH
ä : AA
ë : EH
ï : IY
ö : OW
ü : UW
y / _[V] : Y
b / _# : P
d / _# : T
e / [^V]_# : AH
`,
});
