/** What names a reading's origin: everything that determines what a model reads, and nothing else. */
import { createHash } from 'node:crypto'
import type { Manifest } from './manifest'

const determining = [
  'kind',
  'input',
  'output',
  'charset',
  'blank',
  'attention',
  'decoder',
  'cascade',
  'calibration'
] as const

/**
 * sha256 over the ONNX file's sha256 and the canonical JSON of the manifest's parts that determine a reading: a new
 * title or credit keeps the readings, another charset or preprocessing does not. Defaults are filled in before.
 */
export function modelHash(manifest: Manifest, onnxSha256: string): string {
  const parts: Record<string, unknown> = {}
  for (const key of determining) if (manifest[key] !== undefined) parts[key] = manifest[key]
  return createHash('sha256').update(onnxSha256).update('\n').update(canonicalJson(parts)).digest('hex')
}

/** JSON with sorted keys and without spaces; what JSON leaves out (undefined) is left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
}
