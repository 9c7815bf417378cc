/** What names a reading's origin: everything that determines what a model reads, and nothing else. */
import { createHash } from 'node:crypto'
import { manifestDefaults, type Manifest } from './manifest'

const determining = [
  'kind',
  'externalData',
  'input',
  'output',
  'charset',
  'blank',
  'attention',
  'decoder',
  'cascade',
  'views',
  'calibration'
] as const

/**
 * What a hash has held since the first version, at its default too: these keys stay in it, or every stored reading would lose its
 * model. A key that is added to the schema later is left out where it has its default, so that it renames no model.
 */
const firstKeys: Partial<Record<(typeof determining)[number], readonly string[]>> = {
  input: 'name layout height width fit resample align pad binarise morphology invert mean std'.split(' '),
  output: 'name layout activation frames'.split(' '),
  attention: 'start end pad maxLength step stepSha256 token logits weights states'.split(' ')
}

/**
 * sha256 over the ONNX file's sha256 and the canonical JSON of the manifest's parts that determine a reading: a new
 * title or credit keeps the readings, another charset or preprocessing does not. Defaults are filled in before.
 */
export function modelHash(manifest: Manifest, onnxSha256: string): string {
  const parts: Record<string, unknown> = {}
  for (const key of determining) if (manifest[key] !== undefined) parts[key] = determiningPart(key, manifest[key])
  return createHash('sha256').update(onnxSha256).update('\n').update(canonicalJson(parts)).digest('hex')
}

function determiningPart(key: (typeof determining)[number], part: unknown): unknown {
  if (key === 'cascade') {
    const cascade = part as NonNullable<Manifest['cascade']>
    return {
      ...cascade,
      input: determiningPart('input', cascade.input),
      output: determiningPart('output', cascade.output)
    }
  }
  const first = firstKeys[key]
  if (!first) return part
  const defaults = manifestDefaults[key as keyof typeof manifestDefaults]
  return Object.fromEntries(
    Object.entries(part as object).filter(
      ([name, value]) => first.includes(name) || canonicalJson(value) !== canonicalJson(defaults[name])
    )
  )
}

/** JSON with sorted keys and without spaces; what JSON leaves out (undefined) is left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((entry) => canonicalJson(entry ?? null)).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
  entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}:${canonicalJson(entry)}`).join(',')}}`
}
