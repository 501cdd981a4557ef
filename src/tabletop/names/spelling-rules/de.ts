import { readSpelling } from '../spelling.js';

/** German as it is said in the north; long vowels as short ones, ö and ü unrounded, as whoever has no key for them writes them. */
export const GERMAN = readSpelling({
  vowels: 'aeiouyäöü',
  marked: 'äöü',
  rules: `
tzsch tsch : CH
dsch : JH
sch : SH
chs : K S
ch / #_[lrao] : K
ch / [aou]_ : K
ch : SH
tz ts : T S
dt th : T
pf / #_ : F
qu : K V
s / #_(?=[pt]) : SH
s / #_[V] : Z
s / [V]_[V] : Z
z : T S
c / _[eiyäö] : T S
v / [V]_[V] : V
v : F
w : V
j : Y
tion : T S Y OW N
y / #_[V] : Y
äu eu oi oy : OY
ei ey ai ay : AY
au : AW
ie ieh : IY
ae ä : EH
oe ö : EH
ue ü : IY
ee : EH
aa : AA
e / [^V]_# : AH
b / _# : P
d / _# : T
g / _# : K
ng : NG
nk : NG K
n / _g : NG
h / #_ : HH
h / [^V]_[V] : HH
h :
`,
});
