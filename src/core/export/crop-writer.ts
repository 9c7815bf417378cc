import { mkdir } from 'node:fs/promises'
import { messageOf, NominaError } from '../../shared/failure'
import type { ReadOnlyDatabase } from '../store'
import { cropName, cropOf, writeCrop, type Crop } from './crops'
import type { Naming } from './names'
import { folderMark } from './staging'
import type { ExportRow } from '../store/export-rows'

/** Cuts the crop of a field on a page again, where its file is gone. */
export type Recut = (fieldId: number) => Promise<void>

const cropsAtOnce = 8
/** Crops that fail before the export stops looking for more. */
const failuresAtMost = 20

/** Writes the crops of an export into one folder, a few at once, and remembers those that cannot be had. */
export class CropWriter {
  private readonly made: string[] = []
  private readonly taken = new Set<string>()
  private readonly failures: string[] = []

  private constructor(
    private readonly db: ReadOnlyDatabase,
    private readonly naming: Naming,
    private readonly prefix: string,
    private readonly folder: string,
    private readonly recut: Recut | undefined
  ) {}

  static async begin(
    db: ReadOnlyDatabase,
    naming: Naming,
    prefix: string,
    folder: string,
    recut?: Recut
  ): Promise<CropWriter> {
    await mkdir(folder)
    return new CropWriter(db, naming, prefix, folder, recut)
  }

  get written(): number {
    return this.made.length
  }

  /** @returns field id → the crop's path as the CSV names it */
  async write(rows: ExportRow[], signal: AbortSignal | undefined): Promise<Map<number, string>> {
    const names = new Map<number, string>()
    for (let start = 0; start < rows.length; start += cropsAtOnce) {
      signal?.throwIfAborted()
      const batch = rows.slice(start, start + cropsAtOnce)
      const loaded = await Promise.all(batch.map((row) => this.load(row)))
      const crops = loaded.map((crop) => (typeof crop === 'string' ? null : crop))
      this.failures.push(...loaded.filter((crop) => typeof crop === 'string'))
      // Named one after another, so that the same project always gives the same names.
      await Promise.all(batch.map((row, index) => this.place(row, crops[index] ?? null, names)))
      if (this.failures.length >= failuresAtMost) this.refuseFailures()
    }
    return names
  }

  /** Or why it can't be had. */
  private load(row: ExportRow): Promise<Crop | string> {
    return cropOf(this.db, row)
      .catch(async (error: unknown) => {
        if (!this.recut || !(error instanceof NominaError && error.code === 'lost-crop')) throw error
        await this.recut(row.id)
        return cropOf(this.db, row)
      })
      .catch(messageOf)
  }

  private async place(row: ExportRow, crop: Crop | null, names: Map<number, string>): Promise<void> {
    if (!crop) return
    const name = cropName(this.naming, row, crop, this.taken)
    names.set(row.id, this.prefix + name)
    await writeCrop(this.folder, name, crop)
    this.made.push(name)
  }

  /**
   * All crops are there: the folder is marked as Nomina's, with what it holds.
   * @throws NominaError('not-found') where one is missing: a CSV must not name a file that is not there
   */
  async finish(): Promise<void> {
    this.refuseFailures()
    const lines = ['Made by Nomina; these files are replaced by the next export:', ...this.made]
    await writeCrop(this.folder, folderMark, { bytes: Buffer.from(`${lines.join('\n')}\n`), extension: '' })
  }

  private refuseFailures(): void {
    if (!this.failures.length) return
    const count = `${this.failures.length >= failuresAtMost ? 'At least ' : ''}${this.failures.length}`
    const first = this.failures.slice(0, 3).join(' ')
    throw new NominaError(
      'not-found',
      `${count} crops cannot be made, so nothing was exported. ${first} Relink the folder, or export without crops.`
    )
  }
}
