// Draws resources/samples/fields: name fields as a scanner would see them, with made-up names in open-licence handwriting fonts.
// Deterministic by seed up to the Chromium that rasterises the fonts. Run: npm run samples -- fields
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { chromium } from 'playwright'
import sharp from 'sharp'
import { firstNames, fontFaces, FONTS, generator, surnames } from './hand.mjs'

const out = join(import.meta.dirname, '../../resources/samples')
const SEED = 20
const WIDTH = 340
const HEIGHT = 48
const SCALE = 3 // drawn larger, then shrunk as a scanner's optics would
const names = [...surnames, ...firstNames]
const isFirstName = new Set(firstNames)
const random = generator(SEED)
const between = (low, high) => low + random() * (high - low)

/** What the form shows and what a hasty clerk typed: mostly the same. */
function plan() {
  const fields = names.map((text) => ({ text, label: text, caption: isFirstName.has(text) ? 'PRENOM :' : 'NOM :' }))
  // wrong labels, of the kinds that real registers have: a similar letter, one left out, two swapped, another row's name
  for (const [index, spoil] of [
    [4, (t) => t.replace('B', 'P')],
    [11, (t) => t.replace('EU', 'E')],
    [23, (t) => t.replace('NA', 'AN')],
    [37, () => names[38]],
    [52, (t) => t.slice(0, -1)]
  ])
    fields[index].label = spoil(fields[index].text)
  fields.splice(17, 0, { text: '', label: 'EMPTY', caption: 'NOM :' })
  fields.splice(45, 0, { text: 'MOUILLARD', label: 'UNREADABLE', caption: 'NOM :', spoilt: true })
  return fields.map((field, index) => ({
    ...field,
    file: `field-${String(index + 1).padStart(3, '0')}.jpg`,
    font: FONTS[index % FONTS.length]
  }))
}

function markup({ text, caption, font, spoilt }) {
  const ink = Math.round(between(25, 75))
  const letters = [...text].map((c) => {
    const shift = `translateY(${between(-1.2, 1.2).toFixed(2)}px) rotate(${between(-3, 3).toFixed(2)}deg)`
    return `<i style="transform:${shift};font-size:${between(0.95, 1.05).toFixed(3)}em">${c === ' ' ? '&nbsp;' : c}</i>`
  })
  const scribble = spoilt
    ? `<svg viewBox="0 0 200 30" preserveAspectRatio="none"><path d="${scribblePath()}"/></svg>`
    : ''
  return `<div class="field"><b>${caption}</b><span class="hand" style="font-family:'${font}';color:rgb(${ink},${ink},${ink + 12});left:${between(66, 84) + (caption.length > 5 ? 8 : 0)}px;transform:rotate(${between(-1.2, 1.2)}deg)">${letters.join('')}${scribble}</span></div>`
}

const scribblePath = () =>
  'M0 15' + Array.from({ length: 46 }, (_, i) => `L${i * 4.4} ${between(2, 28).toFixed(1)}`).join('')

/** Paper grain, a little blur and JPEG, as a grey scan at 200 dpi has. */
async function scanned(png) {
  const { data, info } = await sharp(png)
    .resize(WIDTH, HEIGHT, { kernel: 'linear' })
    .blur(0.5)
    .greyscale()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const grain = between(2, 5)
  const shade = between(-0.02, 0.02)
  for (let i = 0; i < data.length; i += info.channels) {
    const noise = (random() + random() + random() - 1.5) * grain
    const value = (data[i] - 40) * 1.2 + noise + shade * ((i / info.channels) % info.width)
    for (let c = 0; c < info.channels; c++) data[i + c] = Math.max(0, Math.min(255, Math.round(value)))
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .greyscale()
    .jpeg({ quality: 82 })
    .toBuffer()
}

const browser = await chromium.launch({
  executablePath: process.env.NOMINA_CHROMIUM ?? undefined,
  args: ['--no-sandbox']
})
const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, deviceScaleFactor: SCALE })
const style = `${await fontFaces()} * { margin: 0 } body { background: #fff }
.field { position: relative; width: ${WIDTH}px; height: ${HEIGHT}px; overflow: hidden; background: #fdfdfb; white-space: nowrap }
b { position: absolute; left: 8px; top: 19px; font: 600 10.5px sans-serif; color: #555 }
.hand { position: absolute; bottom: 5px; font-size: 30px; line-height: 36px; transform-origin: 0 100%; letter-spacing: .2em } i { display: inline-block; font-style: normal }
svg { position: absolute; left: 0; top: 0; width: 100%; height: 100% } path { fill: none; stroke: #2a2a34; stroke-width: 1.6 }`

const fields = plan()
await rm(join(out, 'fields'), { recursive: true, force: true })
await mkdir(join(out, 'fields'), { recursive: true })
for (const field of fields) {
  await page.setContent(`<style>${style}</style>${markup(field)}`)
  await page.evaluate(async (most) => {
    await Promise.all([...document.fonts].map((font) => font.load()))
    const hand = document.querySelector('.hand')
    const wide = hand.getBoundingClientRect()
    if (wide.right > most) hand.style.fontSize = `${(30 * (most - wide.left)) / wide.width}px`
  }, WIDTH - 10)
  await writeFile(join(out, 'fields', field.file), await scanned(await page.screenshot()))
}
await browser.close()

const rows = (column) => fields.map((field) => [field.file, column(field)])
await writeFile(join(out, 'fields/labels.csv'), stringify([['FILENAME', 'IDENTITY'], ...rows((f) => f.label)]))
await writeFile(
  join(out, 'truth.csv'),
  stringify([['FILENAME', 'IDENTITY'], ...rows((f) => (f.spoilt ? 'UNREADABLE' : f.text || 'EMPTY'))])
)
console.log(`${fields.length} fields in ${out}`)
