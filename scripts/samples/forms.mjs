// Draws resources/samples/forms: a blank form with its template, and a dozen scanned pages: skewed, faint, one upside down, one
// field left blank, and one sheet of another kind. Run: npm run samples -- forms
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium } from 'playwright'
import sharp from 'sharp'
import { firstNames, fontFaces, FONTS, generator, surnames } from './hand.mjs'

const out = join(import.meta.dirname, '../../resources/samples/forms')
const DPI = 150
const WIDTH = 1240
const HEIGHT = 1754
const PAGES = 12
const random = generator(5)
const between = (low, high) => low + random() * (high - low)
const pick = (list) => list[Math.floor(random() * list.length)]

const TOWNS = ['VALBRUNE', 'MONTREVEL', 'SAINT-OVRIN', 'LANDEMONT', 'PORT-ESQUIN', 'ROQUELAURE']
const FIELDS = [
  { name: 'child_surname', label: 'Surname of the child', y: 400, text: () => pick(surnames) },
  { name: 'child_first_name', label: 'First name', y: 520, text: () => pick(firstNames) },
  { name: 'parent_surname', label: 'Surname of the parent', y: 770, text: () => pick(surnames) },
  { name: 'parent_first_name', label: 'First name', y: 890, text: () => pick(firstNames) },
  { name: 'town', label: 'Town', y: 1010, text: () => pick(TOWNS), kind: 'text' }
].map((field) => ({ ...field, x: 430, width: 680, height: 80 }))

const style = `* { margin: 0; box-sizing: border-box } body { width: ${WIDTH}px; height: ${HEIGHT}px; background: #fff; font-family: sans-serif; position: relative }
h1 { position: absolute; left: 120px; top: 130px; font-size: 42px } h2 { position: absolute; left: 120px; font-size: 25px }
p { position: absolute; left: 120px; width: 980px; font-size: 20px; line-height: 30px } hr { position: absolute; left: 120px; width: 990px; border: 0; border-top: 3px solid #000 }
b { position: absolute; left: 120px; width: 290px; font: 400 22px/80px sans-serif } u { position: absolute; border: 2px solid #222 }
.hand { position: absolute; white-space: nowrap; font-size: 54px; line-height: 76px; letter-spacing: .16em } i { display: inline-block; font-style: normal }`

/** @param texts by field; undefined: left blank */
function form(texts, font, ink) {
  const boxes = FIELDS.map(
    ({ label, x, y, width, height }) =>
      `<b style="top:${y}px">${label}</b><u style="left:${x}px;top:${y}px;width:${width}px;height:${height}px"></u>`
  )
  const written = FIELDS.map(({ x, y }, index) => {
    const letters = [...(texts[index] ?? '')].map(
      (c) =>
        `<i style="transform:translateY(${between(-3, 3).toFixed(1)}px) rotate(${between(-3, 3).toFixed(1)}deg)">${c}</i>`
    )
    const at = `left:${(x + between(14, 60)).toFixed(0)}px;top:${(y + between(-2, 6)).toFixed(0)}px`
    return `<span class="hand" style="${at};font-family:'${font}';color:rgb(${ink},${ink},${ink + 10})">${letters.join('')}</span>`
  })
  return `<h1>Music school of Valbrune</h1><p style="top:200px">Registration for the new year. Please write in capital letters, one name in each box.</p><hr style="top:290px">
<h2 style="top:330px">1. The child</h2>${boxes.join('')}<h2 style="top:700px">2. The parent or guardian</h2><hr style="top:1150px">
<p style="top:1180px">Lessons take place on Wednesday and Saturday in the old town hall. Instruments can be borrowed for one year against a deposit, as far as there are any. Please hand this form in before the tenth of September.</p>
<p style="top:1600px;font-size:16px">Form M 12 · page 1 of 1</p>${written.join('')}`
}

const notice = `<h1>Summer concert</h1><p style="top:230px">The pupils of all classes play on the last Saturday of June at six in the evening, in the garden of the old town hall, or inside if it rains.</p>
<p style="top:420px">Everybody is asked to bring a chair. After the concert there is soup, bread and lemonade. Helping hands for the kitchen are welcome from four o’clock on.</p><hr style="top:640px">
<p style="top:680px">Programme: strings, winds, the small choir, the big choir, and a surprise.</p>`

const browser = await chromium.launch({
  executablePath: process.env.NOMINA_CHROMIUM ?? undefined,
  args: ['--no-sandbox']
})
const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT } })
const faces = await fontFaces()

async function drawn(body) {
  await page.setContent(`<style>${faces}${style}</style><body>${body}</body>`)
  await page.evaluate(async () => {
    await Promise.all([...document.fonts].map((font) => font.load()))
    for (const hand of document.querySelectorAll('.hand')) {
      const { left, right } = hand.getBoundingClientRect()
      if (right > 1095) hand.style.fontSize = `${(54 * (1095 - left)) / (right - left)}px`
    }
  })
  return page.screenshot()
}

/** As a scanner gives it: turned a little, shifted, grainy. */
async function scanned(png, { degrees, turns, faint }) {
  const turned = await sharp(png).greyscale().rotate(degrees, { background: '#fff' }).png().toBuffer()
  const { width, height } = await sharp(turned).metadata()
  const left = Math.round((width - WIDTH) / 2 + between(-12, 12))
  const top = Math.round((height - HEIGHT) / 2 + between(-12, 12))
  const roomy = await sharp(turned)
    .extend({ top: 40, bottom: 40, left: 40, right: 40, background: '#fff' })
    .png()
    .toBuffer()
  const framed = await sharp(roomy)
    .extract({ left: left + 40, top: top + 40, width: WIDTH, height: HEIGHT })
    .blur(0.6)
    .png()
    .toBuffer()
  const upright = await sharp(framed)
    .rotate(turns * 90)
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { data, info } = upright
  const grain = between(2, 4)
  for (let index = 0; index < data.length; index += info.channels) {
    const noise = (random() + random() + random() - 1.5) * grain
    data[index] = Math.max(0, Math.min(255, Math.round(252 - (255 - data[index]) * (faint ? 0.45 : 0.95) + noise)))
  }
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } })
    .toColourspace('b-w')
    .withMetadata({ density: DPI })
    .jpeg({ quality: 68 })
    .toBuffer()
}

await rm(out, { recursive: true, force: true })
await mkdir(join(out, 'pages'), { recursive: true })
const blank = await sharp(await drawn(form([], FONTS[0], 0)))
  .toColourspace('b-w')
  .png({ palette: true, colours: 8 })
  .toBuffer()
await writeFile(join(out, 'form.png'), blank)
const fields = FIELDS.map(({ name, x, y, width, height, kind = 'name' }, order) => ({
  name,
  x,
  y,
  width,
  height,
  kind,
  order
}))
const template = { name: 'Registration', image: 'form.png', width: WIDTH, height: HEIGHT, fields }
await writeFile(join(out, 'template.json'), `${JSON.stringify(template, null, 2)}\n`)
for (let number = 1; number <= PAGES; number++) {
  const texts = FIELDS.map(({ text }) => text())
  if (number === 4) texts[4] = undefined
  const body = number === PAGES ? notice : form(texts, FONTS[number % FONTS.length], Math.round(between(25, 70)))
  const scan = { degrees: between(-2.5, 2.5), turns: number === 7 ? 2 : 0, faint: number === 9 }
  const name = `form-${String(number).padStart(2, '0')}.jpg`
  await writeFile(join(out, 'pages', name), await scanned(await drawn(body), scan))
}
await browser.close()
console.log(`${PAGES} pages in ${out}`)
