/** The models that are installed: pairs of a manifest and its ONNX file in the models folders. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join, resolve } from 'node:path'
import type { RefusedModel } from '../../shared/domain'
import { messageOf, NominaError } from '../../shared/failure'
import { readOrdinaryFile } from '../images/ordinary'
import { modelHash } from './hash'
import { parseManifest, type Manifest } from './manifest'
import { reasonNotOnnx } from './onnx'

export interface Model {
  manifest: Manifest
  manifestPath: string
  /** Names what it reads; see `modelHash`. */
  hash: string
  folder: string
  /** Absolute path of the ONNX file. */
  file: string
  /** Size of the ONNX file. */
  bytes: number
  /** Absolute path of its language model; null where it has none. */
  languageModel: string | null
  /** The network that reads again what this one doubts (see the manifest's `cascade`); null where it has none. */
  second: Model | null
}

/** Names of the files beside a manifest that make its model with it. */
export function filesOf({ file, externalData = [], weights, attention, decoder, cascade }: Manifest): string[] {
  const parts = [weights, ...externalData, decoder?.languageModel, cascade]
  return [file, ...(attention ? [attention.step] : []), ...parts.flatMap((part) => (part ? [part.file] : []))]
}

/** All of a model's files, its manifest last. */
export const allFilesOf = ({ manifest, manifestPath }: Model): string[] => [
  ...new Set([...filesOf(manifest), basename(manifestPath)])
]

/** More than any manifest; a larger .json in the folder is something else. */
const MAX_MANIFEST_BYTES = 16 * 1024 * 1024

/** More than any character model's file. */
const MAX_LANGUAGE_MODEL_BYTES = 64 * 1024 * 1024

/**
 * Looks through the folders in order; of equal ids the one found last wins. A folder that is missing holds no models.
 * A broken model is refused with its reason and the others go on.
 */
export async function loadRegistry(folders: string[]): Promise<{ models: Model[]; refused: RefusedModel[] }> {
  const models = new Map<string, Model>()
  const refused: RefusedModel[] = []
  for (const folder of folders.map((path) => resolve(path))) {
    const found = await loadFolder(folder)
    refused.push(...found.refused)
    for (const model of found.models) models.set(model.manifest.id, model)
  }
  return { models: [...models.values()], refused }
}

const PREFERRED_MODEL = 'names-caps'

/** What is read with where nobody has chosen; undefined where nothing is installed. */
export const preferredModel = (models: Model[]): Model | undefined =>
  models.find((candidate) => candidate.manifest.id === PREFERRED_MODEL) ?? models[0]

async function loadFolder(folder: string): Promise<{ models: Model[]; refused: RefusedModel[] }> {
  const models: Model[] = []
  const refused: RefusedModel[] = []
  let names: string[]
  try {
    names = (await readdir(folder)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { models, refused }
    return { models, refused: [{ path: folder, reason: `The models folder can't be read: ${messageOf(error)}.` }] }
  }
  for (const name of names.filter((file) => extname(file).toLowerCase() === '.json' && !file.startsWith('.'))) {
    const path = join(folder, name)
    try {
      const model = await loadModel(path)
      const twin = models.find((other) => other.manifest.id === model.manifest.id)
      if (twin)
        throw new NominaError('refused', `${name}: the id "${model.manifest.id}" is taken by ${twin.manifestPath}.`)
      models.push(model)
    } catch (error) {
      const passedOver = error instanceof NominaError && error.code === 'unknown-kind'
      refused.push({ path, reason: messageOf(error), ...(passedOver ? { passedOver } : {}) })
    }
  }
  refused.push(...lonelyModels(folder, names, models, refused))
  return { models, refused }
}

/** ONNX files that no manifest stands beside: dropped in alone, they would be ignored in silence. */
function lonelyModels(folder: string, names: string[], models: Model[], refused: RefusedModel[]): RefusedModel[] {
  const used = new Set(
    models.flatMap(({ file, manifest: { attention, cascade } }) => [
      file,
      ...[attention?.step, cascade?.file].flatMap((other) => (other === undefined ? [] : [join(folder, other)]))
    ])
  )
  const mentioned = new Set(refused.map(({ path }) => path.replace(/\.json$/i, '')))
  return names
    .filter((name) => extname(name).toLowerCase() === '.onnx' && !name.startsWith('.'))
    .map((name) => join(folder, name))
    .filter((path) => !used.has(path) && !mentioned.has(path.replace(/\.onnx$/i, '')))
    .map((path) => ({ path, reason: 'There is no manifest (.json) beside it that names it, so Nomina can’t use it.' }))
}

/**
 * Reads one manifest and checks its files, as far as that goes without running the model.
 * @throws NominaError `refused`, with the manifest's path and what is wrong
 */
export async function loadModel(manifestPath: string): Promise<Model> {
  const where = manifestPath
  const json = await read(manifestPath, where, MAX_MANIFEST_BYTES)
  const manifest = parseManifest(json.toString('utf8'), where)
  const folder = dirname(manifestPath)
  const file = join(folder, manifest.file)
  const { sha256, bytes } = await checkedNetwork(manifest, folder, where)
  for (const [index, part] of (manifest.externalData ?? []).entries())
    await checkPart(part, folder, `${where}: externalData.${index}`)
  if (manifest.weights) await checkPart(manifest.weights, folder, `${where}: weights`)
  if (manifest.attention) await checkStep(manifest.attention, folder, where)
  const languageModel = await checkLanguageModel(manifest, folder, where)
  const hash = modelHash(manifest, sha256)
  const model: Model = { manifest, manifestPath, hash, folder, file, bytes, languageModel, second: null }
  return manifest.cascade ? { ...model, second: await loadSecond(model, manifest.cascade) } : model
}

/** @throws NominaError `refused` where it is missing, no model, or another file */
async function checkedNetwork(
  named: { file: string; sha256: string },
  folder: string,
  where: string
): Promise<CheckedFile> {
  const checked = await checkedFile(join(folder, named.file), `${where}: file "${named.file}"`)
  if (checked.sha256 === named.sha256) return checked
  throw new NominaError(
    'refused',
    `${where}: sha256 does not fit: the manifest says ${named.sha256}, "${named.file}" has ${checked.sha256}. ` +
      'The file was changed or is another model’s.'
  )
}

async function loadSecond(first: Model, cascade: NonNullable<Manifest['cascade']>): Promise<Model> {
  const { bytes } = await checkedNetwork(cascade, first.folder, `${first.manifestPath}: cascade`)
  const { file, sha256, input, output } = cascade
  return {
    ...first,
    manifest: { ...first.manifest, file, sha256, input, output },
    file: join(first.folder, file),
    bytes
  }
}

/** @throws NominaError `refused` where it is missing, no model, or another file */
async function checkStep({ step, stepSha256 }: AttentionFiles, folder: string, where: string): Promise<void> {
  const named = `${where}: attention.step "${step}"`
  const { sha256 } = await checkedFile(join(folder, step), named)
  if (sha256 === stepSha256) return
  throw new NominaError(
    'refused',
    `${named}: stepSha256 does not fit: the manifest says ${stepSha256}, the file has ${sha256}.`
  )
}
type AttentionFiles = NonNullable<Manifest['attention']>

/** @throws NominaError `refused` where it is missing or another file */
async function checkPart({ file, sha256 }: { file: string; sha256: string }, folder: string, where: string) {
  const { sha256: actual } = await checkedFile(join(folder, file), `${where} "${file}"`, () => null)
  if (actual !== sha256)
    throw new NominaError(
      'refused',
      `${where} "${file}": sha256 does not fit: the manifest says ${sha256}, the file has ${actual}.`
    )
}

/** Its path, or null where the manifest names none. @throws NominaError `refused` where it is another file */
async function checkLanguageModel({ decoder }: Manifest, folder: string, where: string): Promise<string | null> {
  if (!decoder?.languageModel) return null
  const { file, sha256 } = decoder.languageModel
  const named = `${where}: decoder.languageModel "${file}"`
  const content = await read(join(folder, file), named, MAX_LANGUAGE_MODEL_BYTES)
  const actual = createHash('sha256').update(content).digest('hex')
  if (actual === sha256) return join(folder, file)
  throw new NominaError(
    'refused',
    `${named}: sha256 does not fit: the manifest says ${sha256}, the file has ${actual}.`
  )
}

interface CheckedFile {
  sha256: string
  bytes: number
  modifiedMs: number
}
/** By path; a rescan reads only what changed. */
const checkedFiles = new Map<string, CheckedFile>()

/** @param reasonAgainst why these bytes can't be the file; null: they can */
async function checkedFile(path: string, where: string, reasonAgainst = reasonNotOnnx): Promise<CheckedFile> {
  const known = checkedFiles.get(path)
  const now = await stat(path).catch(() => null)
  if (known && now && now.size === known.bytes && now.mtimeMs === known.modifiedMs) return known
  const content = await read(path, where, Number.POSITIVE_INFINITY)
  const reason = reasonAgainst(content)
  if (reason) throw new NominaError('refused', `${where}: ${reason}.`)
  const checked = {
    sha256: createHash('sha256').update(content).digest('hex'),
    bytes: content.length,
    modifiedMs: now?.mtimeMs ?? 0
  }
  checkedFiles.set(path, checked)
  return checked
}

async function read(path: string, where: string, limit: number): Promise<Buffer> {
  try {
    return await readOrdinaryFile(path, limit)
  } catch (error) {
    const known = error instanceof NominaError ? error : null
    const reason = known?.code === 'not-found' ? 'there is no such file.' : known?.message
    throw new NominaError('refused', `${where}: ${reason ?? `can't be read (${messageOf(error)}).`}`, { cause: error })
  }
}
