/** Finds a page's template and its place, and what lies in its fields. */
import { cropField, prepareFields, type FieldSource } from '../crop'
import { fromCorners, invert, multiply, normalised, quadOfBox, quarterTurns } from '../vision/homography'
import { loadOpenCv, type Cv } from '../vision/opencv'
import { NominaError, say } from '../../../shared/failure'
import { workingPage, type WorkingPage } from './page'
import { preparePrinted, type PrintedTemplate } from './printed'
import { reasonFor } from './reasons'
import { certain, search, searchedPage, settle, type Found } from './search'
import type { Homography, Pixels, Quad, Registrar, Registration, Template } from './types'

/** A page is matched from this probability on. */
export const matchedFrom = 0.5
/** Share of ink, of the flattened small page, below which nothing is on it. */
const leastInk = 0.0004
/** How many times likelier (odds) the best template must be than the next. */
const leastLead = 3

interface Known {
  printed: PrintedTemplate
  source: FieldSource
}

/** A page's shorter side has so many px at least, and this share of its longer side. */
const leastSide = 100
const leastShare = 0.1
const isTiny = ({ width, height }: Pixels): boolean =>
  Math.min(width, height) < Math.max(leastSide, leastShare * Math.max(width, height))

/** @throws NominaError `refused` where two templates have one name, or an image is too small for a form */
export async function createRegistrar(templates: Template[]): Promise<Registrar> {
  const { cv } = await loadOpenCv()
  const known = new Map<string, Known>()
  for (const template of templates) {
    if (known.has(template.name)) throw new NominaError('refused', `There are two templates “${template.name}”.`)
    if (isTiny(template.image))
      throw new NominaError('refused', `The image of the template “${template.name}” is too small, or too narrow.`)
    known.set(template.name, { printed: preparePrinted(cv, template), source: prepareFields(template) })
  }
  const placed = (registration: Registration): Known & { homography: Homography } => {
    const template = registration.template === null ? undefined : known.get(registration.template)
    if (!template) throw new NominaError('refused', `There is no template “${registration.template ?? ''}” here.`)
    if (!registration.homography) throw new NominaError('refused', 'The page has no place on its template.')
    return { ...template, homography: registration.homography }
  }
  return {
    register: (page) => register(cv, [...known.values()], page),
    quadOf: (registration, field) => quadOfBox(placed(registration).homography, field),
    crop(page, registration, field) {
      const { source, homography } = placed(registration)
      return cropField(cv, source, page, homography, field)
    },
    blankProbability(page, registration, field) {
      const { source, homography } = placed(registration)
      return cropField(cv, source, page, homography, field).blank
    },
    adjust(page, registration) {
      const { printed, homography } = placed(registration)
      const small = workingPage(cv, page)
      const guess = multiply(small.resized, multiply(homography, invert(printed.resized)))
      const found = settle(cv, printed, small, guess, 2) ?? settle(cv, printed, small, guess, 0)
      return found && found.likelihood >= matchedFrom ? registrationOf(printed, small, found) : registration
    },
    close: () => known.clear()
  }
}

function register(cv: Cv, known: Known[], page: Pixels): Registration {
  if (isTiny(page)) return unmatched('The picture is too small, or too narrow, for a page of a form.')
  const small = workingPage(cv, page)
  if (isEmpty(small)) return unmatched('Nothing is printed or written on this page.')
  const searched = searchedPage(cv, small)
  const searchAll = (thoroughness: 'quick' | 'thorough'): { printed: PrintedTemplate; place: Found }[] =>
    known
      .flatMap(({ printed }) => {
        const place = search(cv, printed, searched, thoroughness)
        return place ? [{ printed, place }] : []
      })
      .sort((a, b) => b.place.likelihood - a.place.likelihood)
  // Where one is certain at a glance, looking long for all others would take most of the time.
  const quick = known.length > 1 ? searchAll('quick') : []
  const isFound = quick[0] !== undefined && quick[0].place.likelihood >= certain
  const found = isFound ? quick : searchAll('thorough')
  const [best, next] = found
  if (!best) return unmatched('None of the templates’ print is found on it: it may be a page of another kind.')
  const result = registrationOf(best.printed, small, best.place)
  if (result.status === 'unmatched' || !next || odds(best.place) > leastLead * odds(next.place)) return result
  const names = `“${best.printed.template.name}” and “${next.printed.template.name}”`
  return { ...result, status: 'unmatched', reason: `It fits two templates equally well: ${names}.` }
}

const odds = ({ likelihood }: Found): number => likelihood / Math.max(1e-12, 1 - likelihood)

const unmatched = (reason: string): Registration => ({
  template: null,
  turns: 0,
  homography: null,
  score: 0,
  status: 'unmatched',
  reason
})

function registrationOf(printed: PrintedTemplate, page: WorkingPage, found: Found): Registration {
  const homography = normalised(multiply(invert(page.resized), multiply(found.transform, printed.resized)))
  const { width, height } = printed.template.image
  const matched = found.likelihood >= matchedFrom && !found.ambiguous
  return {
    template: printed.template.name,
    turns: quarterTurns(homography, width / 2, height / 2),
    homography,
    score: found.likelihood,
    status: matched ? 'matched' : 'unmatched',
    reason: matched ? null : reasonFor(printed.template.name, found)
  }
}

function isEmpty({ levels }: WorkingPage): boolean {
  const { data } = levels[1]!
  let ink = 0
  for (const value of data) if (value < 150) ink++
  return ink < leastInk * data.length
}

/**
 * A person says where the corners of a template's image lie on the page: clockwise from its own upper left.
 * @throws NominaError `invalid-input` where the four points make no quadrilateral, or a mirrored one
 */
export function registrationFromCorners(
  template: { name: string; width: number; height: number },
  corners: Quad
): Registration {
  const { name, width, height } = template
  for (let corner = 0; corner < 8; corner += 2) {
    const [x0, y0, x1, y1, x2, y2] = [0, 1, 2, 3, 4, 5].map((step) => corners[(corner + step) % 8]!) as Quad
    const turn = (x1 - x0) * (y2 - y1) - (y1 - y0) * (x2 - x1)
    if (!(turn > 0)) throw new NominaError('invalid-input', say('corners'))
  }
  const homography = fromCorners({ x: 0, y: 0, width, height }, corners)
  const turns = quarterTurns(homography, width / 2, height / 2)
  return { template: name, turns, homography, score: 1, status: 'matched', reason: null }
}
