/** Whether a PDF page is nothing but one scan: then its own pixels are taken, not a rendering of them. */
import { OPS, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { QuarterTurns } from '../../../shared/domain'

/** Of the page's area, how much an image covers that is the page. */
const leastCovered = 0.5
/** Of an image's side: less than that may lie outside the page and is shown all the same. */
const leastCut = 0.003
/** Sine of the angle by which an image may be drawn askew: a viewer shows a scan turned further than its own pixels are. */
const mostAskew = 0.004
/** Numbers of a path that is one rectangle: what is clipped to anything else is rendered. */
const rectangleNumbers = 16

/** Part of an operator list that neither paints nor changes what an image looks like. */
const silent = new Set<number>([
  OPS.dependency,
  OPS.save,
  OPS.restore,
  OPS.transform,
  OPS.endPath,
  OPS.beginMarkedContent,
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
  /** Size on the page before it is turned, in points (1/72 inch). */
  points: { width: number; height: number }
  /** The part of it that the page shows, 0–1 from its upper left corner. */
  shown: { left: number; top: number; right: number; bottom: number }
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
  let clipping = false
  const clips: { box: Float32Array; matrix: Matrix }[] = []
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
    } else if (operator === OPS.clip || operator === OPS.eoClip) clipping = true
    else if (operator === OPS.setGState) others ||= changesPaint(args![0] as [string, unknown][])
    else if (operator === OPS.beginMarkedContentProps) others ||= args![0] === 'OC'
    else if (operator === OPS.constructPath) {
      const [paints, [path], box] = args as [number, [Float32Array | null], Float32Array | null]
      others ||= paints !== OPS.endPath || (clipping && (!box || (path?.length ?? 0) > rectangleNumbers))
      if (clipping && box) clips.push({ box, matrix })
      clipping = false
    } else if (shows.has(operator)) others ||= textMode !== invisible
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
  const [across, along] = [Math.hypot(a, b), Math.hypot(c, d)]
  const area = a * d - b * c
  const straight =
    Math.min(Math.abs(a), Math.abs(b)) <= mostAskew * across && Math.abs(a * c + b * d) <= mostAskew * across * along
  // Not above 0: mirrored, which only a rendering undoes.
  if (!(area > 0) || !straight) return { scan: null, largest }
  const view = clips.reduce((inner, clip) => overlap(inner, boxOf(clip.box, clip.matrix)), [
    left,
    bottom,
    right,
    top
  ] as Box)
  const shown = shownPart(view, only.matrix)
  const covered = area * Math.max(0, shown.right - shown.left) * Math.max(0, shown.bottom - shown.top)
  if (covered < leastCovered * (right - left) * (top - bottom)) return { scan: null, largest }
  // PDF's y axis goes up, so that its angles go the other way.
  const drawn = Math.round(Math.atan2(b, a) / (Math.PI / 2))
  const turns = ((((page.rotate / 90 - drawn) % 4) + 4) % 4) as QuarterTurns
  const points = { width: across * unit, height: along * unit }
  return { scan: { image: only.image, turns, points, shown }, largest }
}

/** `inner` first, then `outer`, as PDF's `cm` does. */
function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer
  const [g, h, i, j, k, l] = inner
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f]
}

/** Transparency, masks and blending change what an image looks like; line widths and the like don't. */
const changesPaint = (state: [string, unknown][]): boolean =>
  state.some(
    ([key, value]) =>
      (key === 'ca' && value !== 1) ||
      (key === 'SMask' && value !== false) ||
      (key === 'BM' && value !== 'source-over') ||
      (key === 'TR' && value !== null)
  )

type Box = [left: number, bottom: number, right: number, top: number]

/** The box around a box that is transformed. */
function boxOf([left, bottom, right, top]: Box | Float32Array, [a, b, c, d, e, f]: Matrix): Box {
  const corners = [
    [left!, bottom!],
    [right!, bottom!],
    [right!, top!],
    [left!, top!]
  ].map(([x, y]) => [a * x! + c * y! + e, b * x! + d * y! + f] as const)
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]
}

const overlap = (one: Box, other: Box): Box => [
  Math.max(one[0], other[0]),
  Math.max(one[1], other[1]),
  Math.min(one[2], other[2]),
  Math.min(one[3], other[3])
]

/** Of an image, whose own axes go from 0 to 1 to the right and up, what lies in a box of the page. */
function shownPart(view: Box, [a, b, c, d, e, f]: Matrix): Scan['shown'] {
  const area = a * d - b * c
  const inverse: Matrix = [d / area, -b / area, -c / area, a / area, (c * f - d * e) / area, (b * e - a * f) / area]
  const [left, bottom, right, top] = boxOf(view, inverse)
  const whole = (value: number, end: 0 | 1): number =>
    Math.abs(value - end) < leastCut ? end : Math.min(1, Math.max(0, value))
  return { left: whole(left, 0), top: 1 - whole(top, 1), right: whole(right, 1), bottom: 1 - whole(bottom, 0) }
}
