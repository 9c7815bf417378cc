/**
 * `npm run bench -- forms-fit-score` and `forms-fit-blank`: fit the numbers of registration's score and of blankness again and writes them where the
 * code reads them. Pages of the real form and of forms made by code, damaged as scanners and phones do; half of the damage
 * is fitted on, the other half only judged.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import blankModel from '../../src/reading/pages/blank/model.json'
import { featuresOfField, type BlankFeature } from '../../src/reading/pages/blank/probability'
import { prepareFields } from '../../src/reading/pages/crop'
import { seeField } from '../../src/reading/pages/crop/seen'
import type { Homography, Pixels, Template } from '../../src/reading/pages/register'
import { featuresOf, type Feature } from '../../src/reading/pages/register/likelihood'
import { workingPage } from '../../src/reading/pages/register/page'
import { preparePrinted } from '../../src/reading/pages/register/printed'
import scoreModel from '../../src/reading/pages/register/score.json'
import { search, searchedPage } from '../../src/reading/pages/register/search'
import { apply, fromCorners, invert, multiply } from '../../src/reading/pages/vision/homography'
import { loadOpenCv } from '../../src/reading/pages/vision/opencv'
import { degrade, type Damage } from '../../test/fixtures/degrade'
import { draw, madeUpName, randomFrom } from '../../test/fixtures/form-pages'
import type { Result } from '../report'
import type { Setting } from '../setting'
import { readFormData, readPixels, type FormData } from './data'
import { fitLogistic, type Example } from './logistic'
import { otherForms, otherPages, scanned } from './other-kinds'

type Split<F extends string> = Record<'fitted' | 'held', Example<F>[]>

/** Damage that only the held half sees, besides what scanners do. */
const phone: Damage = { perspective: [0.12, 0.07], shade: 0.6, noise: 6, surround: 110 }
const bilevel: Damage = { bilevel: true, skew: 2 }
/** Template px by which a field may lie off: more, and the page was found in a wrong place. */
const rightWithin = 4

type Fitted = Promise<{ notes: string[]; results: Result[] }>

/** The probability that a template lies where it was found. */
export async function fitScore(setting: Setting): Fitted {
  const { cv } = await loadOpenCv()
  const data = await readFormData(setting.options.forms)
  const examples: Split<Feature> = { fitted: [], held: [] }
  for (const made of await allForms(data)) {
    const printed = preparePrinted(cv, made.template)
    const find = (page: Pixels): { transform: Homography; features: Record<Feature, number> } | null => {
      const working = workingPage(cv, page)
      const found = search(cv, printed, searchedPage(cv, working))
      if (!found) return null
      const transform = multiply(invert(working.resized), multiply(found.transform, printed.resized))
      return { transform, features: featuresOf(found.evidence) }
    }
    for (const { page, transform, half } of await made.pages()) {
      const found = find(page)
      if (!found) continue
      const off = made.template.fields.map(({ x, y }) => {
        const [ax, ay] = apply(invert(transform), ...apply(found.transform, x, y))
        return Math.hypot(ax - x, ay - y)
      })
      examples[half].push({ features: found.features, is: Math.max(...off) < rightWithin })
    }
    for (const [index, other] of (await otherPages(made.template.image, 20, made.seed)).entries()) {
      if (other.kind === made.template.name) continue
      const found = find(other.page)
      // Both halves have all kinds.
      if (found) examples[index < 10 ? 'fitted' : 'held'].push({ features: found.features, is: false })
    }
  }
  const names = Object.keys(scoreModel.weights) as Feature[]
  return fitAndWrite(setting, 'src/reading/pages/register/score.json', examples, names, data !== null)
}

/** The probability that nobody wrote in a field. */
export async function fitBlankness(setting: Setting): Fitted {
  const { cv } = await loadOpenCv()
  const data = await readFormData(setting.options.forms)
  const examples: Split<BlankFeature> = { fitted: [], held: [] }
  for (const { template, pages } of await allForms(data)) {
    const source = prepareFields(template)
    for (const { page, transform, written, half } of await pages())
      template.fields.forEach((field, index) => {
        const { handwriting, view } = seeField(cv, source.image, page, transform, field)
        examples[half].push({ features: featuresOfField(handwriting, view), is: !written[index] })
      })
  }
  const names = Object.keys(blankModel.weights) as BlankFeature[]
  return fitAndWrite(setting, 'src/reading/pages/blank/model.json', examples, names, data !== null)
}

function fitAndWrite<F extends string>(
  { settings }: Setting,
  file: string,
  examples: Split<F>,
  names: F[],
  withReal: boolean
): { notes: string[]; results: Result[] } {
  const model = fitLogistic(examples.fitted, names)
  const forms = `${withReal ? 'the real form and ' : ''}${Object.keys(otherForms()).length} forms made by code`
  const fittedOn = `${examples.fitted.length} examples: ${forms}, damaged as by scanners; npm run bench -- forms-fit-…`
  writeFileSync(join(settings.installation, file), `${JSON.stringify({ fittedOn, ...model }, null, 2)}\n`)
  return {
    notes: [`Written to ${file}. Held: pages of a phone, bilevel ones and others that were not fitted on.`],
    results: judge(model, examples)
  }
}

interface MadePage {
  page: Pixels
  transform: Homography
  written: boolean[]
  half: 'fitted' | 'held'
}
interface MadeForm {
  template: Template
  seed: number
  pages(): Promise<MadePage[]>
}

async function allForms(data: FormData | null): Promise<MadeForm[]> {
  const forms = Object.entries(otherForms()).map(async ([name, form], index): Promise<MadeForm> => {
    const drawn = await draw(form, 200)
    const random = randomFrom(100 + index)
    return {
      template: { name, ...drawn },
      seed: 500 + index,
      pages: () =>
        inTurn(damages(random), async ({ damage, half }) => {
          const texts = form.fields.map(() => textOf(random))
          // A bilevel scan that has lost the faintest ink has lost it for everybody.
          const filling = { texts, seed: Math.floor(1e6 * random()), ink: 20 + (damage.bilevel ? 90 : 160) * random() }
          const filled = await draw(form, 200, filling)
          return { ...(await degrade(filled.image, damage)), written: texts.map((text) => text !== undefined), half }
        })
    }
  })
  return data ? [realForm(data), ...(await Promise.all(forms))] : Promise.all(forms)
}

/** Nothing, a name, or no more than an initial. */
function textOf(random: () => number): string | undefined {
  if (random() < 0.35) return undefined
  const name = madeUpName(random)
  return random() < 0.25 ? name.slice(0, 1 + Math.floor(2 * random())) : name
}

function realForm({ template, pages }: FormData): MadeForm {
  const random = randomFrom(99)
  return {
    template,
    seed: 499,
    pages: () =>
      // A third of them: the more kinds of damage are looked at, the less does each page say.
      inTurn(
        pages.filter((_, index) => index % 3 === 0),
        async ({ path, fields }, index) => {
          const image = await readPixels(path)
          const grey = { ...image, channels: 1 as const, data: image.data.filter((_, at) => at % image.channels === 0) }
          const { page, transform } = await degrade(grey, index % 2 ? {} : { ...scanned(random), turns: 0 })
          const own = fromCorners(fields[0]!.field, fields[0]!.quad)
          const written = template.fields.map((field) => fields.find((known) => known.field === field)!.text !== '')
          return { page, transform: multiply(transform, own), written, half: index % 4 < 2 ? 'held' : 'fitted' }
        }
      )
  }
}

const damages = (random: () => number): { damage: Damage; half: 'fitted' | 'held' }[] => [
  ...[1, 2, 3].map(() => ({ damage: scanned(random), half: 'fitted' as const })),
  ...[1].map(() => ({ damage: scanned(random), half: 'held' as const })),
  ...[phone, bilevel].map((damage) => ({ damage, half: 'held' as const }))
]

async function inTurn<T, R>(items: T[], work: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (const [index, item] of items.entries()) results.push(await work(item, index))
  return results
}

function judge<F extends string>(model: { intercept: number; weights: Record<F, number> }, split: Split<F>): Result[] {
  const logit = ({ features }: Example<F>): number =>
    Object.keys(model.weights).reduce((sum, key) => sum + model.weights[key as F] * features[key as F], model.intercept)
  return (['fitted', 'held'] as const).flatMap((half): Result[] => {
    const wrong = split[half].filter((example) => logit(example) > 0 !== example.is)
    const loss = split[half].reduce(
      (sum, example) => sum + Math.log1p(Math.exp(example.is ? -logit(example) : logit(example))),
      0
    )
    return [
      { name: `${half}: examples`, value: split[half].length, unit: '' },
      { name: `${half}: of them positive`, value: split[half].filter(({ is }) => is).length, unit: '' },
      { name: `${half}: on the wrong side`, value: wrong.length, unit: '' },
      { name: `${half}: log loss`, value: loss / split[half].length, unit: '' }
    ]
  })
}
