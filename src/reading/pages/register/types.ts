/** What registration takes and gives. Pixels in, numbers and pixels out: no files, no database. */

/** Row by row from the top left, channels interleaved: grey, or red, green, blue. 8 bits each. */
export interface Pixels {
  data: Buffer | Uint8Array
  width: number
  height: number
  channels: 1 | 3
}

/** Where something is on a template, px of the template's image. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A named box; whatever else a template file says of it is kept and not looked at here. */
export interface TemplateField extends Box {
  name: string
  [more: string]: unknown
}

export interface Template {
  name: string
  /** The unfilled form; a filled page does, ink well inside the fields is not used to find pages. */
  image: Pixels
  /** Made of a filled page: what is written in its fields is not taken for print. */
  filled?: boolean
  fields: TemplateField[]
}

/** x0, y0 … x3, y3: clockwise from the upper left as it is read, px of the page as stored. */
export type Quad = [number, number, number, number, number, number, number, number]

/** 3 × 3, row by row, template px to page px as stored: what a template's point becomes after dividing by the third. */
export type Homography = [number, number, number, number, number, number, number, number, number]

export interface Registration {
  /** The template's name; null where none fits. */
  template: string | null
  /** Quarter turns clockwise that make the page upright. */
  turns: 0 | 1 | 2 | 3
  /** Best guess even where it is unmatched, so that a person's corners start from somewhere; null where there is none. */
  homography: Homography | null
  /** Probability that the template lies where `homography` says, 0 to 1. */
  score: number
  status: 'matched' | 'unmatched'
  /** Why it is unmatched, in words for people. */
  reason: string | null
}

/** One line of handwriting in a field. */
export interface LineCrop {
  /** What a model reads: evenly lit, framed around the ink, printed ink removed, paper added where the frame is larger. Grey. */
  pixels: Pixels
  /** The same place on the page. */
  quad: Quad
  /** The same place on `FieldCrop.plain`, px; `pixels` has the same scale: plain x = box.x + x. May reach beyond it. */
  box: Box
}

export interface FieldCrop {
  /** For people's eyes: perspective-corrected, with a margin, otherwise untouched; the page's own channels and resolution. */
  plain: Pixels
  /** Corners of `plain` on the page: the field and its margin. */
  quad: Quad
  /** What is read, in reading order; one for a field of one line, and one (the whole field) where no ink is found. */
  lines: LineCrop[]
  /** Probability that nobody wrote here, 0 to 1. */
  blank: number
}

/** Not safe to use from several threads; every call is synchronous and takes tens to hundreds of ms. */
export interface Registrar {
  /** Never throws for what is on the page: a page of another kind is `unmatched` and says why. */
  register(page: Pixels): Registration
  /** @throws where the registration has no place on the page or names a template that is not here */
  quadOf(registration: Registration, field: TemplateField): Quad
  /** Everything about one field of a registered page. @throws as `quadOf` */
  crop(page: Pixels, registration: Registration, field: TemplateField): FieldCrop
  /** As `crop(…).blank`. @throws as `quadOf` */
  blankProbability(page: Pixels, registration: Registration, field: TemplateField): number
  /** Lays a template on a page near where a person put it, to the pixel; the person's own corners where nothing of it is found there. @throws as `quadOf` */
  adjust(page: Pixels, registration: Registration): Registration
  /** Frees the memory that OpenCV holds. */
  close(): void
}

export interface ProposedBox extends Box {
  /** `box`: a printed frame or table cell; `line`: the room above a ruled or dotted line; `tick`: a small square. */
  kind: 'box' | 'line' | 'tick'
  /** How sure it is, 0 to 1. */
  score: number
}
