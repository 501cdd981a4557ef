// Names of six languages, and how somebody writes them who has only heard them. The rules of spelling were written by somebody who had the first
// list at hand and knew the second; the third was written down when the rules stood, and has changed none of them.

export type ByEar = readonly [name: string, written: string];
export type SpokenLanguage = 'de' | 'es' | 'fr' | 'it' | 'nl' | 'pt';

export const KNOWN_TO_THE_RULES: Readonly<Record<SpokenLanguage, readonly ByEar[]>> = {
  de: pairs(
    'Schnörkel/schnoerkel, Schnörkel/shnerkel, Müller/mueller, Müller/miller, Weiß/vais, Jäger/jeger, Zwiebel/tsvibel, Pfeiffer/faifer, Quandt/kvant',
  ),
  es: pairs('Jiménez/himenes, Quijote/kihote, Hernández/ernandes, Vázquez/baskes, Guillén/giyen'),
  fr: pairs(
    'Gauthier/gotye, Beaumont/bomon, Renaud/reno, Guillaume/giyom, Châteauneuf/shatonef, Lefèvre/lefevr',
  ),
  it: pairs('Ghislieri/gislieri, Giacomo/jakomo, Sciascia/shasha, Guglielmo/gulyelmo, Chiara/kiara'),
  nl: pairs('van den Broeck/fan den bruk, Huygens/hoigens, Schuyler/skailer, Jansz/yans'),
  pt: pairs('Guimarães/gimarains, João/joaum, Carvalho/karvalyo, Magalhães/magalyains, Gonçalves/gonsalvis'),
};

export const BESIDE_THE_RULES: Readonly<Record<SpokenLanguage, readonly ByEar[]>> = {
  de: pairs(
    'Schäuble/shoible, Königsberg/kenigsberk, Götz von Berlichingen/goetz fon berlischingen, Fürchtegott/firchtegot, Vogelweide/fogelvaide, Siegfried/sigfrit, Drachenfels/drakenfels, Nibelung/niebelunk, Wolfenbüttel/volfenbittel, Zacharias/tsacharias, Kreuzberg/kroitsberg, Häußler/hoisler, Eichendorff/aichendorf, Stöckl/shteckel, Spee/shpeh, Xaver/ksafer, Rübezahl/riebetsal, Walpurgis/valpurgis, Jörg/yerk, Güldenstern/gildenshtern',
  ),
  es: pairs(
    'Zaragoza/saragosa, Valladolid/bayadolid, Guadalajara/wadalahara, Hinojosa/inohosa, Núñez/nunyes, Cervantes/serbantes, Echeverría/echeberia, Llorente/yorente, Guerrero/gerrero, Quiñones/kinyones, Ximena/himena, Argüello/argweyo, Ceballos/sevayos, Yáñez/llanes, Huesca/weska, Gijón/hihon, Cáceres/kaseres, Peñalver/penyalber, Bejarano/veharano, Vizcaya/biskaia',
  ),
  fr: pairs(
    'Rochambeau/roshambo, Deschamps/deshan, Villeneuve/vilnev, Thibault/tibo, Quesnel/kenel, Montaigne/montenye, Bourgogne/burgonye, Lancelot du Lac/lanselo du lak, Perrault/pero, Guesclin/geklin, Joinville/zhwanvil, Poitiers/puatye, Aurélien/oreliyen, Philippe/filip, Geneviève/zhenevyev, Foucault/fuko, Mont Saint-Michel/mon san mishel, Archambaud/arshambo, Hautecloque/otklok, Delacroix/delakrwa',
  ),
  it: pairs(
    'Machiavelli/makyaveli, Brunelleschi/bruneleski, Ghirlandaio/girlandayo, Castiglione/kastilyone, Cicerone/chicherone, Bologna/bolonya, Giovanni/jovani, Michelangelo/mikelanjelo, Scipione/shipione, Pinocchio/pinokyo, Caravaggio/karavajo, Boccaccio/bokacho, Guicciardini/gwichardini, Lucrezia/lukretsia, Visconti/viskonti, Montecchi/monteki, Cagliari/kalyari, Schiaparelli/skyapareli, Quaranta/kwaranta, Agnese/anyeze',
  ),
  nl: pairs(
    'Goedhart/gudhart, Zuijderwijk/zoiderweik, Kuiper/kouper, Oudekerk/audekerk, Nieuwenhuis/niwenhois, Tjeerd/tyeert, Verhoeven/ferhuven, Wijnaldum/weinaldum, Koekoek/kukuk, Jeroen/yerun, van der Meulen/fan der mulen, Schiphol/skiphol, Beekman/bekman, Haarlem/harlem, Leeuwarden/lewarden, Dijkstra/deikstra, Vroom/from, Cornelis/kornelis, Uytenbogaard/eitenbogart, Vlissingen/flissingen',
  ),
  pt: pairs(
    'Camões/kamoins, Conceição/konsaysaun, Queirós/keirosh, Espinho/ishpinyu, Assunção/asunsaun, Bragança/bragansa, Filho/filyu, Xavier/shavier, Vasconcelos/vashkonselush, Sebastião/sebastiaun, Jorge/zhorzhi, Guilherme/gilyermi, Coelho/kuelyu, Chaves/shavish, Lourenço/lorensu, Penha/penya, Teixeira/teisheira, Quintela/kintela, Setúbal/setubau, Noronha/noronya',
  ),
};

export const AFTER_THE_RULES: Readonly<Record<SpokenLanguage, readonly ByEar[]>> = {
  de: pairs(
    'Nürnberg/nirnberk, Zähringen/tseringen, Hohenzollern/hoentsollern, Quitzow/kvitso, Ährenfeld/erenfelt, Grünewald/grinevalt, Tscherning/cherning, Weißenfels/vaisenfels, Büchner/bishner, Vandersloh/fanderslo, Jürgen/yirgen, Scheuermann/shoierman, Strauß/shtrous, Eulenspiegel/oilenshpigel, Knöchel/knechel',
  ),
  es: pairs(
    'Velázquez/belaskes, Gonzálvez/gonsalbes, Hidalgo/idalgo, Cigüeña/sigwenya, Bermúdez/vermudes, Jaramillo/haramiyo, Zumalacárregui/sumalakaregi, Quesada/kesada, Guzmán/gusman, Yerba Buena/llerva wena, Alhambra/alambra, Ávila/abila, Vicente/bisente, Herrero/erero, Chihuahua/chiwawa',
  ),
  fr: pairs(
    'Vaucanson/vokanson, Bellegarde/belgard, Grandchamp/granshan, Vieuxpont/viepon, Desmarais/demare, Clairvaux/klervo, Jacqueline/zhaklin, Toulouse/tuluz, Eustache/estash, Mirepoix/mirpwa, Beauchêne/boshen, Taillefer/tayfer, Sauvignon/sovinyon, Gascoigne/gaskwanye, Cyrano de Bergerac/sirano de berjerak',
  ),
  it: pairs(
    'Gherardesca/gerardeska, Bevilacqua/bevilakwa, Sforza/sfortsa, Maggiore/majore, Acciaiuoli/achayuoli, Vecchio/vekyo, Giustiniani/justinyani, Squarcialupi/skwarchalupi, Fogliani/folyani, Montescudo/monteskudo, Cignaroli/chinyaroli, Zeffirelli/dzefireli, Pescia/pesha, Orsini del Balzo/orsini del baltso, Ghibellini/gibelini',
  ),
  nl: pairs(
    'Huijbregts/haibregs, Wouters/vauters, Schoonhoven/sgonhofen, Rijswijk/reisweik, Nijmegen/neimegen, Coornhert/kornhert, Breughel/brugel, Zuiderzee/zouderzay, Utrecht/utregt, Gijsbrecht/geisbregt, Vermeer/fermeer, Duivendrecht/doivendregt, Mauritshuis/mouritshois, Kloosterman/klosterman, Thijssen/teisen',
  ),
  pt: pairs(
    'Alcântara/alkantara, Encarnação/enkarnasaun, Bulhões/bulyoins, Figueiredo/figeiredu, Cerqueira/serkeira, Ximenes/shimenis, Junqueiro/zhunkeiru, Paixão/paishaun, Vilhena/vilyena, Mouzinho/mozinyu, Simões/simoins, Trás-os-Montes/trazosmontis, Gouveia/goveya, Quixadá/kishada, Peçanha/pesanya',
  ),
};

function pairs(text: string): ByEar[] {
  return text.split(', ').map((pair) => pair.split('/') as [string, string]);
}
