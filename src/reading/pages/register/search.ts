/** Where one template lies on one page: guesses of several kinds, cheap ones first, until one holds. */
import { multiply, quarterTurns, translation } from '../vision/homography'
import type { GreyImage } from '../vision/image'
import type { Cv } from '../vision/opencv'
import { align } from './align'
import { enlarged, matchWhole } from './coarse'
import { matchKeypoints } from './keypoints'
import { likelihoodOf } from './likelihood'
import { findOutlines, matchOutlines } from './outlines'
import { findKeypoints, type Keypoints, type WorkingPage } from './page'
import { isPlausible } from './plausible'
import type { PrintedTemplate } from './printed'
import type { Homography, Quad } from './types'
import { verify, type Evidence } from './verify'

export interface Found {
  /** Template to page, working px. */
  transform: Homography
  evidence: Evidence
  /** 0 to 1. */
  likelihood: number
  /** It fits as well a row or a column further on. */
  ambiguous: boolean
}

/** A page, and what was found out about it for whichever template. */
export interface SearchedPage {
  page: WorkingPage
  keypoints: Keypoints
  outlines?: Quad[]
}

export const searchedPage = (cv: Cv, page: WorkingPage): SearchedPage => ({
  page,
  keypoints: findKeypoints(cv, page.levels[0]!)
})

/** From here on no other guess is tried: nearly all print is found, in every part. */
export const certain = 0.98
/** Guesses of outlines that are looked at closely. */
const closely = 4

/** Correlation of the whole page, and share of the print found, below which looking closer is no use. */
const leastAgreement = 0.12
const leastFound = 0.25

/** The likeliest place; null where no guess even came to lie on the page. */
export function search(
  cv: Cv,
  printed: PrintedTemplate,
  searched: SearchedPage,
  thoroughness: 'quick' | 'thorough' = 'thorough'
): Found | null {
  let best: Found | null = null
  const kinds = thoroughness === 'quick' ? [byKeypoints] : [byKeypoints, byOutlines, byWhole, byNeighbours]
  for (const guesses of kinds) {
    for (const { guess, coarsest } of guesses(cv, printed, searched, best)) {
      const found = settle(cv, printed, searched.page, guess, coarsest)
      if (found && (!best || isBetter(found, best))) best = found
    }
    if (best && best.likelihood >= certain) break
  }
  return best && { ...best, ambiguous: fitsElsewhere(cv, printed, searched.page, best) }
}

/** All print is found there too: the page has more rows than the template, and nothing says which are meant. */
function fitsElsewhere(cv: Cv, printed: PrintedTemplate, { levels }: WorkingPage, best: Found): boolean {
  return repeatingSteps(cv, printed).some(([x, y]) => {
    const { evidence } = verify(cv, printed, levels[0]!, multiply(best.transform, translation(x, y)))
    return evidence.onPage > leastOnPage && evidence.found > elsewhereFrom * best.evidence.found
  })
}

/** A form that looks the same turned upside down lies as most pages lie. */
const sameLikelihood = 0.003

function isBetter(one: Found, other: Found): boolean {
  const more = one.likelihood - other.likelihood
  return Math.abs(more) > sameLikelihood ? more > 0 : turnsOf(one) < turnsOf(other)
}

/** How far from upright: 0, 1 for a quarter turn either way, 2. */
const turnsOf = ({ transform }: Found): number => [0, 1, 2, 1][quarterTurns(transform, 0, 0)]!

/** A guess aligned to the print and verified. */
export function settle(
  cv: Cv,
  printed: PrintedTemplate,
  { levels }: WorkingPage,
  guess: Homography,
  coarsest: number
): Found | null {
  const { width, height } = printed.image
  const area = levels[0]!.width * levels[0]!.height
  if (!isPlausible(guess, width, height, area)) return null
  const transform = align(guess, levels, printed.samples, coarsest)
  if (!transform || !isPlausible(transform, width, height, area)) return null
  const { evidence } = verify(cv, printed, levels[0]!, transform)
  return { transform, evidence, likelihood: likelihoodOf(evidence), ambiguous: false }
}

interface Start {
  guess: Homography
  coarsest: number
}
type Guesses = (cv: Cv, printed: PrintedTemplate, searched: SearchedPage, best: Found | null) => Start[]

const byKeypoints: Guesses = (cv, printed, { keypoints }) => {
  const guess = matchKeypoints(cv, printed.keypoints, keypoints)
  return guess ? [{ guess: guess.transform, coarsest: 1 }] : []
}

const byOutlines: Guesses = (cv, printed, searched) => {
  searched.outlines ??= findOutlines(cv, searched.page.levels[0]!)
  const { width, height } = printed.image
  const { levels } = searched.page
  const area = levels[0]!.width * levels[0]!.height
  return matchOutlines(printed.outlines, searched.outlines)
    .filter((guess) => isPlausible(guess, width, height, area))
    .map((guess) => ({ guess, coarsest: 2, agreement: agreement(printed, levels[1]!, guess) }))
    .sort((a, b) => b.agreement - a.agreement)
    .slice(0, closely)
}

const byWhole: Guesses = (cv, printed, { page }) =>
  matchWhole(cv, printed.coarse, page.levels[2]!)
    .filter(({ agreement }) => agreement > leastAgreement)
    .sort((a, b) => b.agreement - a.agreement)
    .slice(0, 2)
    .map(({ transform }) => ({ guess: enlarged(transform, 4), coarsest: 2 }))

/** A row or column off, where all rows look alike: the best guess moved from each field to its neighbours. */
const byNeighbours: Guesses = (cv, printed, _searched, best) => {
  if (!best || best.evidence.found < leastFound) return []
  return repeatingSteps(cv, printed).map(([x, y]) => ({
    guess: multiply(best.transform, translation(x, y)),
    coarsest: 1
  }))
}

/** Share of a template's print that is found again after a step before the step matters. */
const repeatsFrom = 0.4
/** Share of the print found, of what is found at the best place, from which on another place is as good. */
const elsewhereFrom = 0.93
/** Where much of the form would hang over the page's edge it does not lie. */
const leastOnPage = 0.9
const repeating = new WeakMap<PrintedTemplate, [number, number][]>()

/** Steps, both ways, by which a template looks much like itself: the rows and columns of a table. */
function repeatingSteps(cv: Cv, printed: PrintedTemplate): [number, number][] {
  const known = repeating.get(printed)
  if (known) return known
  const steps = neighbourSteps(printed).filter(
    ([x, y]) => verify(cv, printed, printed.image, translation(x, y)).evidence.found >= repeatsFrom
  )
  repeating.set(printed, steps)
  return steps
}

/** Steps between fields of one size that lie side by side, both ways, working px. */
function neighbourSteps({ fields }: PrintedTemplate): [number, number][] {
  const steps = new Map<string, [number, number]>()
  for (const one of fields)
    for (const other of fields) {
      const x = other.x - one.x
      const y = other.y - one.y
      const alike = Math.abs(one.width - other.width) < 3 && Math.abs(one.height - other.height) < 3
      const beside =
        (Math.abs(x) < 3 && Math.abs(y) < 2 * one.height) || (Math.abs(y) < 3 && Math.abs(x) < 1.5 * one.width)
      if (one !== other && alike && beside) steps.set(`${Math.round(x / 4)} ${Math.round(y / 4)}`, [x, y])
    }
  return [...steps.values()].slice(0, 8)
}

/** Normalised correlation of edge samples' ink with the page under them, at half size. */
function agreement(printed: PrintedTemplate, page: GreyImage, guess: Homography): number {
  const samples = printed.samples[1]!
  const half = enlarged(guess, 0.5)
  let own = 0
  let ownSquare = 0
  let other = 0
  let otherSquare = 0
  let product = 0
  for (let index = 0; index < samples.count; index += 4) {
    const x = samples.x[index]!
    const y = samples.y[index]!
    const w = half[6] * x + half[7] * y + half[8]
    const column = Math.round((half[0] * x + half[1] * y + half[2]) / w)
    const row = Math.round((half[3] * x + half[4] * y + half[5]) / w)
    const inside = column >= 0 && row >= 0 && column < page.width && row < page.height
    const ink = inside ? 255 - page.data[row * page.width + column]! : 0
    own += samples.ink[index]!
    ownSquare += samples.ink[index]! ** 2
    other += ink
    otherSquare += ink * ink
    product += ink * samples.ink[index]!
  }
  const count = Math.ceil(samples.count / 4)
  // Where the page is dark everywhere nothing is alike; where print is found, ink lies under it.
  return (
    other / count +
    (product - (own * other) / count) /
      Math.sqrt((ownSquare - own ** 2 / count) * (otherSquare - other ** 2 / count) + 1)
  )
}
