/** Cuts the fields of a page that lies on its template, and writes the crops. */
import type { Quad } from '../../../shared/forms'
import { writeCropFile } from '../../images'
import { encodePng } from '../../images/encode'
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

/** Lossless: what is read is what was cut. */
const store = (folder: string, pixels: Pixels): Promise<string> => writeCropFile(folder, encodePng(pixels))
