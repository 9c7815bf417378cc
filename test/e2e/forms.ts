/** Folders of generated form pages, as a scanner would leave them. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import { card, draw, randomFrom, textPage, type DrawnForm } from '../fixtures/form-pages'
import { degrade, type Damage } from '../fixtures/degrade'

const dpi = 150
export const cardForm = card()
/** Made up; in the order of the card's fields. */
export const cardValues = [
  ['VALMORIN', 'ADA', 'QUAI NEUF', 'BRISANE'],
  ['OSTREVIN', 'GUY', 'RUE HAUTE', 'LUCENAY'],
  ['MARVELIAN', 'INES', 'LE PORT', 'CORVAL']
]

async function writePage(path: string, form: DrawnForm, texts: string[], damage: Damage): Promise<void> {
  const { image } = await draw(form, dpi, { texts, seed: damage.seed })
  const { page } = await degrade(image, damage)
  const { width, height, channels, data } = page
  await sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 88 }).toFile(path)
}

/** The unfilled card, filled cards askew (the last upside down), and a letter that is no card. @returns the folder */
export async function writeFormPages(folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  await writePage(join(folder, 'card-0-blank.jpg'), cardForm, [], {})
  const damages: Damage[] = [{ skew: 1.4 }, { skew: -0.9, shift: [0.01, -0.01] }, { turns: 2, noise: 4 }]
  for (const [n, damage] of damages.entries()) {
    await writePage(join(folder, `card-${n + 1}.jpg`), cardForm, cardValues[n]!, { seed: n + 1, ...damage })
  }
  await writePage(join(folder, 'letter.jpg'), textPage(randomFrom(7)), [], { seed: 7 })
  return folder
}
