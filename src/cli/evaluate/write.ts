import { stringify } from 'csv-stringify/sync'
import { existsSync, realpathSync, statSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { messageOf, NominaError } from '../../shared/failure'

/** A field that was measured. */
export interface Evaluated {
  file: string
  label: string
  /** Empty where reading failed. */
  reading: string
  /** Null where reading failed. */
  confidence: number | null
  edits: number
  exact: boolean
  error: string | null
}

const HEADER = ['file', 'label', 'reading', 'confidence', 'edits', 'exact', 'error']

/** @throws NominaError('refused') before the labels themselves are written over */
export function refuseLabels(out: string, labels: string): void {
  const same = existsSync(out) && existsSync(labels) && realpathSync(out) === realpathSync(labels)
  if (same) throw new NominaError('refused', `${out} is the labels file itself. Give another --out.`)
}

/**
 * A row for each field, under a temporary name first: nobody reads half a file.
 * @throws NominaError('refused') where it can't be written
 */
export async function writeReadings(file: string, fields: Evaluated[]): Promise<void> {
  const rows = fields.map(({ file, label, reading, confidence, edits, exact, error }) => [
    file,
    label,
    reading,
    confidence === null ? '' : String(confidence),
    String(edits),
    exact ? '1' : '0',
    error ?? ''
  ])
  if (existsSync(file) && statSync(file).isDirectory()) throw new NominaError('refused', `${file} is a folder.`)
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await writeFile(temporary, stringify([HEADER, ...rows], { record_delimiter: '\r\n' }), { flag: 'wx' })
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw new NominaError('refused', `${file} can't be written: ${messageOf(error)}`, { cause: error })
  }
}
