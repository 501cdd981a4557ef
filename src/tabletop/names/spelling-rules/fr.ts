import { readSpelling } from '../spelling.js';

/** French. Nasal vowels are a vowel and an N, which no microphone and no stranger tells apart; é is è, eu is the e that is hardly heard, u is ou. */
export const FRENCH = readSpelling({
  vowels: 'aeiouyàâéèêëîïôöùûü',
  marked: 'àâéèêëîïôöùûüç',
  rules: `
d t s x z p / _[dtspxz]*# :
b / m_# :
ts ds ps / _# :
ch / _[rln] : K
sch ch : SH
gn : N Y
qu : K
gu / _[eiyéèê] : G
ge / _[aouâôû] : ZH
g / _[eiyéèêëîï] : ZH
j : ZH
sc c / _[eiyéèêëîï] : S
cc / _[eiyéèê] : K S
ç : S
s / [V]_[V] : Z
s / e_[nlm] :
th : T
tion : S Y OW N
h :
eault ault auld aulx / _s?# : OW
eau au aû : OW
ou où oû : UW
oin / _(?![Vnm]) : W AE N
oi oy oî : W AA
ien yen / _(?![Vnm]) : Y AE N
ain aim ein eim in im yn ym / _(?![Vnm]) : AE N
un um / _(?![Vnm]) : AE N
an am en em / _(?![Vnm]) : AA N
on om / _(?![Vnm]) : OW N
ai aî ei ay ey aie : EH
aill : AA Y
ail / _# : AA Y
eill : EH Y
eil / _# : EH Y
euill ueill : AH Y
euil ueil / _# : AH Y
ouill : UW Y
ill / v_ : IY L
ill / _[V] : IY Y
oeu eu eû : AH
er / [^V]_s?# : EH
er / [iyu]_s?# : EH
ez / _# : EH
et / [^V]_# : EH
e / #[^V]*_# : AH
e / [V](?:[^V]|ch|ph|th|gn|qu|ll|nn|tt|rr|ss)_(?:[^V][V]|[bcdfgkptv][lr][V]) :
e / _s?# :
é è ê ë : EH
à â : AA
î ï : IY
ô ö : OW
ù û ü : UW
i / _[aeouéèêàâôö] : Y
y / _[V] : Y
`,
});
