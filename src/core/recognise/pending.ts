/** The images of a project that a model is to read and has not read yet, in file order, also while an import adds more. */
import type { ReadOnlyDatabase } from '../store'
import { turn } from '../store/slices'
import { fieldsAfter, type FieldToRead, type Place, type Reader } from '../store/readings'

/** Rows looked at in one go: a few ms. */
const WINDOW = 1000

const START: Place = { position: -Number.MAX_SAFE_INTEGER, id: 0 }

export class PendingImages {
  private readonly taken = new Set<number>()
  private readonly already = new Set<number>()
  private waiting: FieldToRead[] = []
  private place = START
  /** The last look began at the top and found nothing. */
  private complete = false

  constructor(
    private readonly db: ReadOnlyDatabase,
    readonly reader: Reader
  ) {}

  /** Images met that this model had read before. */
  get skipped(): number {
    return this.already.size
  }

  /** Images that are still to be read, as things stand. */
  async count(): Promise<number> {
    const images = new Set<number>()
    for (let place = START; ; await turn(this.db)) {
      const fields = fieldsAfter(this.db, this.reader, place, WINDOW)
      for (const field of fields) if (this.isPending(field)) images.add(field.imageId)
      if (fields.length < WINDOW) return images.size + this.waiting.length
      place = fields.at(-1)!
    }
  }

  /**
   * Up to `limit` images that nobody has taken yet, each given out once. With `all`, none means that none is left: fields
   * that came in before the place in file order are looked for too.
   */
  async take(limit: number, all: boolean): Promise<FieldToRead[]> {
    while (this.waiting.length < limit) {
      const fields = fieldsAfter(this.db, this.reader, this.place, WINDOW)
      for (const field of fields) this.look(field)
      this.place = fields.at(-1) ?? this.place
      if (fields.length === WINDOW) await turn(this.db)
      else if (this.waiting.length || !all || this.complete) break
      else {
        this.complete = true
        this.place = START
      }
    }
    return this.waiting.splice(0, limit)
  }

  private look(field: FieldToRead): void {
    if (field.reading === 'ok' && !this.taken.has(field.imageId)) this.already.add(field.imageId)
    if (!this.isPending(field)) return
    this.taken.add(field.imageId)
    this.waiting.push(field)
    this.complete = false
  }

  private isPending({ reading, imageId }: FieldToRead): boolean {
    return reading !== 'ok' && !this.taken.has(imageId)
  }
}
