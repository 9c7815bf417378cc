/** ALTO 4.2, http://www.loc.gov/standards/alto/ns-v4#. Its polygons hold the exact corners, px of the stored image. */
import type { Quad } from '../../../shared/forms'
import type { PageContent, PageRegion } from './collect'
import { document, element, type Attributes } from './element'
import { baselineWithin, exact, pairs } from './page'

const namespace = 'http://www.loc.gov/standards/alto/ns-v4#'

/** @param time ISO, UTC */
export function altoXml(page: PageContent, time: string): string {
  const description = element('Description', {}, [
    element('MeasurementUnit', {}, 'pixel'),
    element('sourceImageInformation', {}, [element('fileName', {}, page.image)]),
    element('Processing', { ID: 'p0' }, [
      element('processingCategory', {}, 'contentGeneration'),
      element('processingDateTime', {}, time),
      element('processingSoftware', {}, [element('softwareName', {}, 'Nomina')])
    ])
  ])
  const tags = page.regions.map(({ name }, index) =>
    element('OtherTag', { ID: `t${index}`, TYPE: 'field', LABEL: name })
  )
  const space = element(
    'PrintSpace',
    { HPOS: 0, VPOS: 0, WIDTH: page.width, HEIGHT: page.height },
    page.regions.map((region, index) => blockXml(region, index, page))
  )
  const layout = element('Layout', {}, [
    element('Page', { ID: 'page', PHYSICAL_IMG_NR: page.number, WIDTH: page.width, HEIGHT: page.height }, [space])
  ])
  const root = [description, ...(tags.length ? [element('Tags', {}, tags)] : []), layout]
  return document(element('alto', { xmlns: namespace, SCHEMAVERSION: '4.2' }, root))
}

function blockXml({ quad, line, text, confidence, decided }: PageRegion, index: number, page: PageContent): string {
  const words =
    text === null
      ? []
      : [
          element('TextLine', { ID: `b${index}l0`, ...boxOf(line), BASELINE: baselineWithin(line, page) }, [
            shapeOf(line),
            element('String', {
              ID: `b${index}s0`,
              CONTENT: text,
              ...boxOf(line),
              WC: confidence === null ? null : Math.round(confidence * 1e4) / 1e4,
              CS: String(decided)
            })
          ])
        ]
  return element(
    'TextBlock',
    {
      ID: `b${index}`,
      TAGREFS: `t${index}`,
      ...boxOf(quad),
      // Counterclockwise, of the writing on the image as stored.
      ROTATION: page.turns === 0 ? null : page.turns * 90,
      IDNEXT: index + 1 < page.regions.length ? `b${index + 1}` : null
    },
    [shapeOf(quad), ...words]
  )
}

const shapeOf = (quad: Quad): string => element('Shape', {}, [element('Polygon', { POINTS: exact(quad) })])

function boxOf(quad: Quad): Attributes {
  const xs = pairs(quad).map(([x]) => x)
  const ys = pairs(quad).map(([, y]) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return {
    HPOS: hundredths(left),
    VPOS: hundredths(top),
    WIDTH: hundredths(Math.max(...xs) - left),
    HEIGHT: hundredths(Math.max(...ys) - top)
  }
}

const hundredths = (value: number): number => Math.round(value * 100) / 100
