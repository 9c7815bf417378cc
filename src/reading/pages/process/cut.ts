/** Cuts the fields of a page that lies on its template, and writes the crops. */
import sharp from 'sharp'
import type { Quad } from '../../../shared/forms'
import { writeCropFile } from '../../images'
import type { Pixels, Registrar, Registration, Template } from '../register'
import type { CutField } from './protocol'

export async function cutFields(
  registrar: Registrar,
  template: Template,
  page: Pixels,
  registration: Registration,
  folder: string
): Promise<CutField[]> {
  const fields: CutField[] = []
  for (const field of template.fields) {
    const cut = registrar.crop(page, registration, field)
    const [plain, ...lines] = await Promise.all(
      [cut.plain, ...cut.lines.map(({ pixels }) => pixels)].map((pixels) => store(folder, pixels))
    )
    fields.push({
      name: field.name,
      quad: rounded(registrar.quadOf(registration, field)),
      blank: cut.blank,
      crop: { sha256: plain!, width: cut.plain.width, height: cut.plain.height },
      lines: cut.lines.map(({ box, quad }, index) => ({ sha256: lines[index]!, ...box, quad: rounded(quad) }))
    })
  }
  return fields
}

/** Hundredths of a px are less than any page is known to. */
const rounded = (quad: readonly number[]): Quad => quad.map((value) => Math.round(value * 100) / 100)

/** Lossless: what is read is what was cut. Filtered rows make noisy scans a third smaller at the same speed. */
async function store(folder: string, { data, width, height, channels }: Pixels): Promise<string> {
  const image = sharp(data, { raw: { width, height, channels } }).toColourspace(channels === 1 ? 'b-w' : 'srgb')
  return writeCropFile(folder, await image.png({ compressionLevel: 6, adaptiveFiltering: true }).toBuffer())
}
