/** Pages that are not the form: what else comes out of a scanner. Made by code from a seed. */
import type { Pixels } from '../../src/reading/pages/register'
import { degrade, type Damage } from '../../test/fixtures/degrade'
import { card, draw, madeUpName, randomFrom, register, textPage, type DrawnForm } from '../../test/fixtures/form-pages'

export interface OtherPage {
  kind: string
  page: Pixels
}

/** Forms of other kinds, some much alike: other captions, boxes elsewhere, a row more or less. */
export const otherForms = (): Record<string, DrawnForm> => ({
  'another form': card(),
  'another form, dotted': card({ title: 'APPLICATION', dotted: true, left: 150 }),
  'another form, shifted': card({ top: 170, left: 200 }),
  'another form, other captions': card({
    title: 'LIBRARY PASS',
    captions: ['READER', 'BORN ON', 'PHONE', 'SCHOOL', 'CLASS']
  }),
  register: register(),
  'register without captions': register({ captions: false, numbers: false }),
  'register of nine rows': register({ rows: 9 }),
  'register of three columns': register({ columns: 3, rows: 12, rowHeight: 70 })
})

/** `own`: the form's own page, whose back shines through. */
export async function otherPages(own: Pixels, count: number, seed: number): Promise<OtherPage[]> {
  const random = randomFrom(seed)
  const forms = Object.entries(otherForms())
  const pages: OtherPage[] = []
  for (let index = 0; index < count; index++) {
    const damage = scanned(random)
    if (index % 10 < 5) {
      const [kind, form] = forms[Math.floor(random() * forms.length)]!
      pages.push({ kind, page: await filled(form, damage, random) })
    } else if (index % 10 < 7) pages.push({ kind: 'text', page: await filled(textPage(random), damage, random) })
    else if (index % 10 === 7)
      pages.push({
        kind: 'back of a sheet',
        page: (await degrade(mirrored(own), { ...damage, faint: 150 + 60 * random() })).page
      })
    else if (index % 10 === 8) pages.push({ kind: 'empty sheet', page: (await degrade(paper(own, 250), damage)).page })
    else pages.push({ kind: 'noise', page: (await degrade(speckled(own, random), damage)).page })
  }
  return pages
}

/** As a flatbed or feeder leaves a page. */
export function scanned(random: () => number): Damage {
  return {
    seed: Math.floor(1e6 * random()),
    skew: 6 * (random() - 0.5),
    shift: [0.03 * (random() - 0.5), 0.03 * (random() - 0.5)],
    noise: 10 * random(),
    blur: random() < 0.4 ? 0.5 + random() : undefined,
    shade: 0.3 * random(),
    dirt: random() < 0.5 ? 60 * random() : 0,
    bleed: random() < 0.4 ? 0.12 * random() : 0,
    faint: random() < 0.3 ? 140 * random() : 0,
    turns: ([0, 0, 0, 2, 1, 3] as const)[Math.floor(6 * random())]!
  }
}

async function filled(form: DrawnForm, damage: Damage, random: () => number): Promise<Pixels> {
  const texts = form.fields.map(() => (random() < 0.15 ? undefined : madeUpName(random)))
  const { image } = await draw(form, 200, { texts, seed: Math.floor(1e6 * random()), ink: 30 + 90 * random() })
  return (await degrade(image, damage)).page
}

const paper = (like: Pixels, grey: number): Pixels => ({
  data: Buffer.alloc(like.width * like.height, grey),
  width: like.width,
  height: like.height,
  channels: 1
})

function speckled(like: Pixels, random: () => number): Pixels {
  const page = paper(like, 240)
  const dark = 0.02 + 0.3 * random()
  for (let at = 0; at < page.data.length; at++) if (random() < dark) page.data[at] = 255 * random()
  return page
}

/** Grey, left and right changed. */
export function mirrored({ data, width, height, channels }: Pixels): Pixels {
  const result = Buffer.alloc(width * height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) result[y * width + x] = data[(y * width + (width - 1 - x)) * channels]!
  return { data: result, width, height, channels: 1 }
}
