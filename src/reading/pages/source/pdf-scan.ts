/** Whether a PDF page is nothing but one scan: then its own pixels are taken, not a rendering of them. */
import { OPS, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { QuarterTurns } from '../../../shared/domain'

/** Of the page's area, how much an image covers that is the page. */
const leastCovered = 0.5

/** Part of an operator list that neither paints nor changes what an image looks like. */
const silent = new Set<number>([
  OPS.dependency,
  OPS.save,
  OPS.restore,
  OPS.transform,
  OPS.setGState,
  OPS.clip,
  OPS.eoClip,
  OPS.endPath,
  OPS.beginMarkedContent,
  OPS.beginMarkedContentProps,
  OPS.endMarkedContent,
  OPS.markPoint,
  OPS.markPointProps,
  OPS.beginText,
  OPS.endText,
  OPS.setFont,
  OPS.setTextMatrix,
  OPS.setTextRise,
  OPS.setTextRenderingMode,
  OPS.setCharSpacing,
  OPS.setWordSpacing,
  OPS.setHScale,
  OPS.setLeading,
  OPS.setLeadingMoveText,
  OPS.moveText,
  OPS.nextLine,
  OPS.setFillRGBColor,
  OPS.setStrokeRGBColor,
  OPS.setRenderingIntent,
  OPS.setFlatness
])
const shows = new Set<number>([OPS.showText, OPS.showSpacedText, OPS.nextLineShowText, OPS.nextLineSetSpacingShowText])
/** Text that recognition software lays under a scan is drawn in mode 3: not at all. */
const invisible = 3

type Matrix = [number, number, number, number, number, number]

export interface Scan {
  /** Name of the image among the page's objects, or the image itself where it is inline. */
  image: unknown
  /** Clockwise quarter turns by which the page shows it. */
  turns: QuarterTurns
  /** Width on the page, in points (1/72 inch). */
  points: number
}

export interface PageContent {
  scan: Scan | null
  /** Width in px and in points of the largest image on the page; null where there is none. Its resolution is worth keeping. */
  largest: { width: number; points: number } | null
}

export function contentOf(
  page: Pick<PDFPageProxy, 'view' | 'rotate' | 'userUnit'>,
  { fnArray, argsArray }: { fnArray: number[]; argsArray: unknown[] }
): PageContent {
  const stack: Matrix[] = []
  let matrix: Matrix = [1, 0, 0, 1, 0, 0]
  let textMode = 0
  let others = false
  const images: { image: unknown; width: number; mask: boolean; matrix: Matrix }[] = []
  for (const [index, operator] of fnArray.entries()) {
    const args = argsArray[index] as unknown[] | null
    if (operator === OPS.save) stack.push(matrix)
    else if (operator === OPS.restore) matrix = stack.pop() ?? matrix
    else if (operator === OPS.transform) matrix = multiply(matrix, args as Matrix)
    else if (operator === OPS.setTextRenderingMode) textMode = args![0] as number
    else if (operator === OPS.paintImageXObject)
      images.push({ image: args![0], width: args![1] as number, mask: false, matrix })
    else if (operator === OPS.paintInlineImageXObject) {
      images.push({ image: args![0], width: (args![0] as { width: number }).width, mask: false, matrix })
    } else if (operator === OPS.paintImageMaskXObject) {
      images.push({ image: null, width: (args![0] as { width?: number }).width ?? 0, mask: true, matrix })
    } else if (operator === OPS.constructPath) others ||= args![0] !== OPS.endPath
    else if (shows.has(operator)) others ||= textMode !== invisible
    else others ||= !silent.has(operator)
  }
  const unit = page.userUnit || 1
  const widthOf = ([a, b]: Matrix): number => Math.hypot(a, b) * unit
  const largest = images.reduce<PageContent['largest']>(
    (found, { width, matrix: own }) => (width > (found?.width ?? 0) ? { width, points: widthOf(own) } : found),
    null
  )
  const [only] = images
  const [left, bottom, right, top] = page.view as Matrix
  if (!only || images.length > 1 || others || only.mask) return { scan: null, largest }
  const [a, b, c, d] = only.matrix
  const area = a * d - b * c
  // Negative: mirrored, which only a rendering undoes.
  if (area < leastCovered * (right - left) * (top - bottom)) return { scan: null, largest }
  // PDF's y axis goes up, so that its angles go the other way.
  const drawn = Math.round(Math.atan2(b, a) / (Math.PI / 2))
  const turns = ((((page.rotate / 90 - drawn) % 4) + 4) % 4) as QuarterTurns
  return { scan: { image: only.image, turns, points: widthOf(only.matrix) }, largest }
}

/** `inner` first, then `outer`, as PDF's `cm` does. */
function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer
  const [g, h, i, j, k, l] = inner
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}
