/** What the pages process does, request by request. */
import type { QuarterTurns } from '../../../shared/domain'
import { pixelsHash, writeThumbnailFile } from '../../images'
import { encodeJpeg, encodePng } from '../../images/encode'
import { decodeImage } from '../../images/pixels'
import { lookAt } from '../../images/look'
import { shrinkInto } from '../../images/scale'
import { differenceHash, thumbnail, turnedPicture, wholePicture } from '../../images/shown'
import { turn } from '../../images/upright'
import { messageOf, NominaError } from '../../../shared/failure'
import type { StoredPage } from '../source'
import type { Homography, Pixels, ProposedBox, Quad, Registrar, Registration, Template } from '../register'
import { coveredShare } from '../crop/covered'
import { Budget } from './budget'
import { formBeside } from './beside'
import { cutFields } from './cut'
import type { PageJob, PageOutcome, PagesCall, PagesCalls } from './protocol'
import { Registrars } from './registrars'
import { Sources } from './sources'

/** The part of it that looks at pixels. */
export interface Vision {
  createRegistrar(templates: Template[]): Promise<Registrar>
  /** @throws NominaError `invalid-input` where no page can lie so */
  registrationFromCorners(template: { name: string; width: number; height: number }, corners: Quad): Registration
  proposeBoxes(image: Pixels): Promise<ProposedBox[]>
  straighten(page: Pixels): Promise<Pixels>
}

export type Work = { [N in PagesCall]: (input: PagesCalls[N]['input']) => Promise<PagesCalls[N]['output']> }

/** Raw pixels of pages that a process holds at once. */
const heldBytes = 160 * 1024 * 1024
const thumbnailSize = 320

export function createWork(vision: () => Promise<Vision>): Work {
  const sources = new Sources()
  const budget = new Budget(heldBytes)
  const registrars = new Registrars(async (templates) => (await vision()).createRegistrar(templates), decode)

  const withPage = <T>(path: string, number: number, work: (page: StoredPage) => Promise<T>): Promise<T> =>
    sources
      .use(path, (source) => source.bytesOf(number))
      .then((bytes) => budget.spend(bytes, async () => work(await sources.use(path, (source) => source.read(number)))))

  const place = async (
    page: StoredPage,
    { placing }: PageJob
  ): Promise<{ registrar: Registrar; found: Registration }> => {
    if (placing.by === 'looking') {
      const registrar = await registrars.registrar(placing.templateId)
      return { registrar, found: registrar.register(page.pixels) }
    }
    const registrar = await registrars.registrar(placing.templateId)
    const template = registrars.templateOf(placing.templateId)
    if (placing.by === 'corners') {
      const { width, height } = template.image
      const laid = (await vision()).registrationFromCorners(
        { name: template.name, width, height },
        placing.corners as Quad
      )
      return { registrar, found: registrar.adjust(page.pixels, laid) }
    }
    const { homography, turns, score } = placing
    return { registrar, found: { template: template.name, homography, turns, score, status: 'matched', reason: null } }
  }

  const findFields = async (
    page: StoredPage,
    job: PageJob
  ): Promise<Omit<PageOutcome, keyof ReturnType<typeof sizeOf> | 'content' | 'covered'>> => {
    await registrars.ready
    if (!registrars.any) return { ...nowhere, turns: page.turns, reason: noTemplate }
    const { registrar, found } = await place(page, job)
    const { status, reason, turns, score, homography } = found
    if (status === 'unmatched' || found.template === null)
      return { ...nowhere, turns: homography ? turns : page.turns, reason: reason ?? 'No template fits.', score }
    const templateId = registrars.idOf(found.template)
    const known = registrars.templateOf(templateId)
    const fields = await cutFields(registrar, known, page.pixels, found, job.crops)
    const beside = job.placing.by === 'looking' ? formBeside(registrar, known, page.pixels, found) : null
    return { status, reason: reason ?? beside, turns, templateId, homography: homography as Homography, score, fields }
  }

  return {
    open: ({ path }) => sources.use(path, ({ format, pages, note }) => Promise.resolve({ format, pages, note })),
    async templates({ templates }) {
      await registrars.set(templates)
      return {}
    },
    page: (job) =>
      withPage(job.path, job.number, async (page) => {
        await writeThumbnail(page.pixels, job)
        const found = noted(page, await findFields(page, job))
        const own = (await sources.use(job.path, (source) => source.own()))[job.number - 1]
        const content = [...(own ? [own] : []), pixelsHash(page.pixels)]
        return { ...sizeOf(page), ...found, content, covered: coveredBy(page, job, found.fields) }
      }),
    async identify({ path, numbers, decode: decoding }) {
      const { pages, own } = await sources.use(path, async (source) => ({
        pages: source.pages,
        own: await source.own()
      }))
      const wanted = numbers ?? Array.from({ length: pages }, (_, index) => index + 1)
      const found: string[][] = []
      for (const number of wanted) {
        const hash = own[number - 1]
        // A page that can't be decoded is known by its own content, or by nothing.
        const pixels = decoding
          ? await withPage(path, number, (page) => Promise.resolve([pixelsHash(page.pixels)])).catch(() => [])
          : []
        found.push([...(hash ? [hash] : []), ...pixels])
      }
      return { pages: found }
    },
    picture: ({ path, number, turns, longest, type, straight }) =>
      withPage(path, number, async (page) => {
        const shown = shownPixels(page.pixels, turns ?? page.turns, longest)
        return pictureOf(straight ? await (await vision()).straighten(shown) : shown, type)
      }),
    async propose({ image }) {
      return { boxes: await (await vision()).proposeBoxes(await decode(image)) }
    },
    image: lookAt,
    field: ({ size, part, ...field }) => (size === 'full' ? wholePicture(field) : thumbnail(field, part)),
    likeness: differenceHash,
    turned: ({ path, turns }) => turnedPicture(path, turns)
  }
}

/** With what a person should know of the page, before why nothing was found on it. */
const noted = <T extends { reason: string | null }>({ note }: StoredPage, found: T): T =>
  note ? { ...found, reason: [note, found.reason].filter((part) => part !== null).join(' ') } : found

function coveredBy(page: StoredPage, { decided = [] }: PageJob, fields: PageOutcome['fields']): PageOutcome['covered'] {
  const boxes = new Map(fields.map(({ name, quad }) => [name, quad]))
  return decided.flatMap(({ decision, name, quad }) => {
    const now = boxes.get(name)
    return now ? [{ decision, share: coveredShare(page.pixels, quad, now) }] : []
  })
}

export const noTemplate = 'The project has no template yet. Make one from this page, or import one.'

const nowhere = {
  status: 'unmatched',
  templateId: null,
  homography: null,
  score: null,
  fields: []
} as const satisfies Partial<PageOutcome>

const sizeOf = ({ pixels, dpi, origin }: StoredPage) => ({ width: pixels.width, height: pixels.height, dpi, origin })

/** As stored; it is turned when it is shown. */
async function writeThumbnail(pixels: Pixels, { crops, sha256, number }: PageJob): Promise<void> {
  const jpeg = await encodeJpeg(shrinkInto(pixels, thumbnailSize, thumbnailSize), 80)
  await writeThumbnailFile(crops, sha256, number, jpeg)
}

const shownPixels = (pixels: Pixels, turns: QuarterTurns, longest: number | null): Pixels =>
  turn(longest === null ? pixels : shrinkInto(pixels, longest, longest), turns)

async function pictureOf(shown: Pixels, type: 'jpeg' | 'png'): Promise<PagesCalls['picture']['output']> {
  const bytes = type === 'jpeg' ? await encodeJpeg(shown, 88) : encodePng(shown)
  return { bytes, width: shown.width, height: shown.height }
}

/** A reference image, stored upright by us. */
async function decode(image: Uint8Array): Promise<Pixels> {
  try {
    return await decodeImage(Buffer.from(image))
  } catch (error) {
    throw new NominaError('unreadable', `The template’s image can’t be decoded (${messageOf(error)}).`, {
      cause: error
    })
  }
}
