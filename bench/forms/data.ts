/** The pages of ../shared/data/forms: real handwriting composed into a form, corners and texts known. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { uprightPixels } from '../../src/reading/images/pixels'
import type { Pixels, Quad, Template, TemplateField } from '../../src/reading/pages/register'

export interface TrueField {
  field: TemplateField
  /** Empty where nobody wrote. */
  text: string
  quad: Quad
}

export interface TruePage {
  name: string
  path: string
  condition: string
  fields: TrueField[]
}

export interface FormData {
  folder: string
  template: Template
  pages: TruePage[]
}

export const readPixels = (path: string, page = 1): Promise<Pixels> => uprightPixels(path, page, 0)

/** Null where the folder is absent. */
export async function readFormData(folder: string): Promise<FormData | null> {
  if (!existsSync(join(folder, 'truth.csv'))) return null
  const { image, fields } = JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8')) as {
    image: string
    fields: TemplateField[]
  }
  const rows = parse<Record<string, string>>(readFileSync(join(folder, 'truth.csv')), { columns: true })
  const pages = new Map<string, TruePage>()
  for (const row of rows) {
    const name = row['page']!
    const page = pages.get(name) ?? {
      name,
      path: join(folder, 'pages', name),
      condition: row['condition']!,
      fields: []
    }
    const field = fields.find((candidate) => candidate.name === row['field'])!
    const quad = [0, 1, 2, 3].flatMap((corner) => [Number(row[`x${corner}`]), Number(row[`y${corner}`])]) as Quad
    page.fields.push({ field, text: row['text']!, quad })
    pages.set(name, page)
  }
  const template = { name: 'form-a', image: await readPixels(join(folder, image)), fields }
  return { folder, template, pages: [...pages.values()] }
}

type Point = [number, number]
const pointsOf = (quad: Quad): Point[] => [0, 2, 4, 6].map((index) => [quad[index]!, quad[index + 1]!])

function areaOf(points: Point[]): number {
  let sum = 0
  points.forEach(([x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length]!
    sum += x * nextY - y * nextX
  })
  return Math.abs(sum) / 2
}

/** Intersection over union of two convex quadrilaterals, both clockwise. */
export function overlapOfQuads(one: Quad, other: Quad): number {
  const clip = pointsOf(other)
  let rest = pointsOf(one)
  clip.forEach(([ax, ay], index) => {
    const [bx, by] = clip[(index + 1) % 4]!
    const side = ([x, y]: Point): number => (bx - ax) * (y - ay) - (by - ay) * (x - ax)
    rest = rest.flatMap((point, at): Point[] => {
      const next = rest[(at + 1) % rest.length]!
      const [here, there] = [side(point), side(next)]
      const part = here / (here - there)
      const crossing: Point[] =
        here * there < 0 ? [[point[0] + part * (next[0] - point[0]), point[1] + part * (next[1] - point[1])]] : []
      return here >= 0 ? [point, ...crossing] : crossing
    })
  })
  const common = areaOf(rest)
  return common / (areaOf(pointsOf(one)) + areaOf(clip) - common)
}
