/**
 * PAGE XML, http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15. Its points are whole px inside the page; the exact
 * corners stand in each region's `custom`, from where they read back the same.
 */
import type { Quad } from '../../../shared/forms'
import type { PageContent, PageRegion } from './collect'
import { document, element } from './element'

const namespace = 'http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15'

/** @param time ISO, UTC */
export function pageXml(page: PageContent, time: string): string {
  const order = page.regions.map((_, index) => element('RegionRefIndexed', { index, regionRef: `r${index}` }))
  const body = element(
    'Page',
    {
      imageFilename: page.image,
      imageWidth: page.width,
      imageHeight: page.height,
      imageXResolution: page.dpi,
      imageYResolution: page.dpi,
      imageResolutionUnit: page.dpi === null ? null : 'PPI',
      // Clockwise, to set it upright, over -180 to 179.
      orientation: page.turns === 0 ? null : page.turns === 2 ? -180 : page.turns === 3 ? -90 : 90,
      custom: `page {number:${page.number}; of:${page.pages};}`
    },
    [
      ...(order.length ? [element('ReadingOrder', {}, [element('OrderedGroup', { id: 'order' }, order)])] : []),
      ...page.regions.map((region, index) => regionXml(region, index, page))
    ]
  )
  const metadata = element('Metadata', {}, [
    element('Creator', {}, 'Nomina'),
    element('Created', {}, time),
    element('LastChange', {}, time)
  ])
  return document(element('PcGts', { xmlns: namespace }, [metadata, body]))
}

function regionXml(region: PageRegion, index: number, page: PageContent): string {
  const whole = (quad: Quad): string => pointsWithin(quad, page)
  const { name, quad, line, text, confidence, registration, blank } = region
  const custom = [
    `field {name:${name.replace(/[{};\\]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`)};}`,
    `corners {points:${exact(quad)};}`,
    `found {registration:${registration ?? ''}; blank:${blank ?? ''};}`
  ].join(' ')
  const equivalents =
    text === null ? [] : [element('TextEquiv', { conf: fraction(confidence) }, [element('Unicode', {}, text)])]
  return element('TextRegion', { id: `r${index}`, custom }, [
    element('Coords', { points: whole(quad) }),
    element('TextLine', { id: `r${index}l0` }, [
      element('Coords', { points: whole(line) }),
      element('Baseline', { points: baselineWithin(line, page) }),
      ...equivalents
    ]),
    ...equivalents
  ])
}

const fraction = (value: number | null): number | null => (value === null ? null : Math.round(value * 1e4) / 1e4)

export const exact = (quad: Quad): string =>
  pairs(quad)
    .map(([x, y]) => `${x},${y}`)
    .join(' ')

export const pairs = (quad: Quad): [number, number][] => [0, 2, 4, 6].map((index) => [quad[index]!, quad[index + 1]!])

const pointsWithin = (quad: Quad, { width, height }: { width: number; height: number }): string =>
  pairs(quad)
    .map(([x, y]) => `${clamp(x, width - 1)},${clamp(y, height - 1)}`)
    .join(' ')

/** How far down a line's box its letters stand, as a share of its height: room for tails is left below. */
const baselineAt = 0.8

/**
 * From the line's left end to its right: programs that learn from lines pass over those without one. Where the letters really stand
 * is not looked for.
 */
export function baselineWithin(quad: Quad, { width, height }: { width: number; height: number }): string {
  const [topLeft, topRight, bottomRight, bottomLeft] = pairs(quad) as [Point, Point, Point, Point]
  const between = ([x0, y0]: Point, [x1, y1]: Point): string =>
    `${clamp(x0 + (x1 - x0) * baselineAt, width - 1)},${clamp(y0 + (y1 - y0) * baselineAt, height - 1)}`
  return `${between(topLeft, bottomLeft)} ${between(topRight, bottomRight)}`
}

type Point = [number, number]

const clamp = (value: number, most: number): number => Math.round(Math.min(most, Math.max(0, value)))
