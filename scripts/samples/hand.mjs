// Handwriting for the samples: open-licence fonts, made-up names, and a generator that draws the same at every run.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

export const FONTS = [
  'architects-daughter',
  'patrick-hand',
  'covered-by-your-grace',
  'gochi-hand',
  'kalam',
  'just-another-hand',
  'reenie-beanie'
]

// Put together for this purpose; no register was consulted.
const SURNAMES = `VALMORIN DELCOURVE OSTREVIN MARVELIAN BRISSANTE LUCENAUD TALVERNE MORISEAU PERCHEVIN GASTAUDON RIVELLOT
CHAMBREUIL FONTALBAN DORMEVAL AUBRISTE LAVANDRET MONTSORIEL BELGARANT CORVASIER SANTERLIN HAUTEBRUNE NOIRVALET PALUMIER
GRENADOUX ESCALVIN TORNEBOIS VERDILHAC QUINTAREL JOLIVERT MASSENBRE BOURDELIN FAUVERGNE SEPTRIONNE ARGENVILLE CASTELMONT
DRAVINIER LOMBRASSIN ROCHEFLOT TREMELIN "D'ARVENNE" "LE GOUVELIN" "DE SAULMORE" "BEL-ORIANT" "VAN DERMOLEN" "O'TARVEL" "SAINT-OVRE"`
const FIRST_NAMES = `ANAELLIE BASTIAND CELESTINE-A DORIANNE ELIOR FLORIANE GAETANE HELIOTE ISALINE JORIS-M KELIANE LORENZA MAELIS
NOLWEN ORPHELIE PRUNELLA QUENTINE ROMARINE SOLVEIGE TIMOTHEO`
const listed = (text) => [...text.matchAll(/"([^"]+)"|(\S+)/g)].map((m) => m[1] ?? m[2])
export const surnames = listed(SURNAMES)
export const firstNames = listed(FIRST_NAMES)

// mulberry32: a small public-domain generator, so that the same seed draws the same fields
export function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** The fonts as style rules that a page needs no server for. */
export async function fontFaces() {
  const faces = await Promise.all(
    FONTS.map(async (font) => {
      const bytes = await readFile(join(root, `node_modules/@fontsource/${font}/files/${font}-latin-400-normal.woff2`))
      return `@font-face { font-family: "${font}"; src: url(data:font/woff2;base64,${bytes.toString('base64')}) }`
    })
  )
  return faces.join('\n')
}
