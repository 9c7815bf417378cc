/** What the core and the pages process say to each other. The process knows no database: files in, numbers and crop files out. */
import type { QuarterTurns } from '../../../shared/domain'
import type { Quad, TemplateField } from '../../../shared/forms'
import type { LookedAt } from '../../images/look'
import type { Part, Picture, ShownField } from '../../images/shown'
import type { Child, Spawn } from '../../processes'
import type { PageOrigin } from '../source'
import type { Homography, ProposedBox } from '../register'

export interface ProcessTemplate {
  id: number
  name: string
  /** Of the reference image's file: PNG or JPEG. */
  image: Uint8Array
  /** Made of a page that had been written on. */
  filled?: boolean
  fields: TemplateField[]
}

/** How the template is found on a page. */
export type Placing =
  /** By looking: among all templates, or for one. */
  | { by: 'looking'; templateId: number | null }
  /** A person laid the template's corners there. */
  | { by: 'corners'; templateId: number; corners: Quad }
  /** It was found before; only the fields are cut again. */
  | { by: 'known'; templateId: number; homography: Homography; turns: QuarterTurns; score: number }

export interface PageJob {
  path: string
  number: number
  /** The folder for crops and thumbnails. */
  crops: string
  /** Of the source: names the thumbnail. */
  sha256: string
  placing: Placing
  /** Boxes that decisions were made on, by the fields' names: how much of their ink is covered is told. */
  decided?: { decision: number; name: string; quad: Quad }[]
}

export interface CutField {
  name: string
  quad: Quad
  blank: number
  crop: { sha256: string; width: number; height: number }
  /** What is read, in reading order: px of the crop, and corners on the page. */
  lines: { sha256: string; x: number; y: number; width: number; height: number; quad: Quad }[]
}

export interface PageOutcome {
  width: number
  height: number
  dpi: number | null
  origin: PageOrigin
  turns: QuarterTurns
  status: 'matched' | 'unmatched'
  reason: string | null
  templateId: number | null
  homography: number[] | null
  score: number | null
  fields: CutField[]
  /** What the page is known by, beside its file and number; see pages/content. */
  content: string[]
  /** For each of the job's decisions whose field is there, from 0 to 1. */
  covered: { decision: number; share: number }[]
}

/** Every request by name. A failure carries a code and a reason for people. */
export interface PagesCalls extends ImageCalls {
  open: { input: { path: string }; output: { format: string; pages: number; note: string | null } }
  templates: { input: { templates: ProcessTemplate[] }; output: Record<string, never> }
  page: { input: PageJob; output: PageOutcome }
  /** What pages are known by, in the order of `numbers` (absent: of all): their own content, and with `decode` their pixels too. */
  identify: { input: { path: string; numbers?: number[]; decode: boolean }; output: { pages: string[][] } }
  /** A page as a picture. `turns` null: as the file says it is shown. `longest`: of its longer side, px. `straight`: turned until its print lies along rows. */
  picture: {
    input: {
      path: string
      number: number
      turns: QuarterTurns | null
      longest: number | null
      type: 'jpeg' | 'png'
      straight?: boolean
    }
    output: { bytes: Uint8Array; width: number; height: number }
  }
  propose: { input: { image: Uint8Array }; output: { boxes: ProposedBox[] } }
}
/** What is asked of single images. */
export interface ImageCalls {
  /** What a file says of one of its pages. `whole`: its pixels are looked at too, unless it is one of a TIFF's many pages. */
  image: { input: { path: string; page: number; whole: boolean }; output: LookedAt }
  /** A field as a browser shows it; `thumbnail`: at most 64 px high. */
  /** `part`: of a thumbnail, these columns and nothing else. */
  field: { input: ShownField & { size: 'thumbnail' | 'full'; part?: Part }; output: Picture }
  /** What a field looks like, in a few bits. */
  likeness: { input: ShownField; output: string }
  /** A JPEG of ours, turned. */
  turned: { input: { path: string; turns: QuarterTurns }; output: Picture }
}
export type PagesCall = keyof PagesCalls

export type PagesRequest = { [N in PagesCall]: { id: number; name: N; input: PagesCalls[N]['input'] } }[PagesCall]
export type PagesReply =
  { id: number; ok: true; value: unknown } | { id: number; ok: false; code: string; reason: string }

export type PagesProcess = Child<PagesRequest, PagesReply>
export type SpawnPages = Spawn<PagesRequest, PagesReply>
