/** Template files: JSON with an image beside it. Keys that Nomina does not know are kept. */
import { stat } from 'node:fs/promises'
import { basename, dirname, extname, resolve } from 'node:path'
import * as v from 'valibot'
import { list, small, text } from '../../shared/bounds'
import { mostTemplateCharacters, mostTemplateFields, templateField, type TemplateField } from '../../shared/forms'
import { readOrdinaryFile, reasonOfSystemError } from '../images'
import { messageOf, NominaError } from '../../shared/failure'

const schema = v.pipe(
  v.looseObject({
    image: v.pipe(text(4096), v.minLength(1)),
    name: v.optional(v.pipe(text(80), v.trim(), v.minLength(1))),
    width: v.optional(v.number()),
    height: v.optional(v.number()),
    fields: list(templateField, mostTemplateFields)
  }),
  small(mostTemplateCharacters)
)
/** A little more than what is taken as JSON, for line breaks and spaces. */
const mostBytes = 4 * mostTemplateCharacters

/** A template file: `fields` are known, other keys are kept as they are. */
export interface TemplateFile {
  fields: TemplateField[]
  [key: string]: unknown
}

export interface ReadFile {
  name: string
  file: TemplateFile
  /** Absolute. */
  image: string
  /** What the file says of its image's size, px. */
  width: number | null
  height: number | null
}

/** @throws NominaError `not-found`, `refused`, `too-large`, `invalid-input`: what is wrong, with the file's path and the field */
export async function readTemplateFile(given: string): Promise<ReadFile> {
  const path = resolve(given)
  const json = parse(path, await readText(path))
  const result = v.safeParse(schema, json, { abortEarly: true })
  if (!result.success) throw new NominaError('invalid-input', `${path}: ${describe(result.issues, json)}`)
  const { image, name, width, height } = result.output
  const imagePath = resolve(dirname(path), image)
  if (!(await stat(imagePath).catch(() => null))?.isFile())
    throw new NominaError('not-found', `${path}: its image ${imagePath} is not there.`)
  return {
    name: name ?? basename(path, extname(path)).slice(0, 80),
    file: result.output,
    image: imagePath,
    width: width ?? null,
    height: height ?? null
  }
}

async function readText(path: string): Promise<string> {
  try {
    return (await readOrdinaryFile(path, mostBytes)).toString('utf8')
  } catch (error) {
    if (error instanceof NominaError) throw error
    const reason = reasonOfSystemError(error) ?? messageOf(error)
    throw new NominaError('not-found', `The template ${path} can’t be read. ${reason}`, { cause: error })
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (error) {
    throw new NominaError('invalid-input', `The template ${path} is not JSON: ${messageOf(error)}`, { cause: error })
  }
}

/** The first thing that is wrong, by the name of its field where it has one. */
function describe([issue]: readonly v.BaseIssue<unknown>[], json: unknown): string {
  const steps = issue?.path?.map(({ key }) => key as string | number) ?? []
  if (!steps.length) return `a template is an object with "image" and "fields"; ${issue?.message ?? ''}`
  const [first, index, ...rest] = steps
  if (first !== 'fields' || typeof index !== 'number') return `"${steps.join('.')}": ${issue!.message}`
  const field = (json as { fields: { name?: unknown }[] }).fields[index]
  const name = typeof field?.name === 'string' && field.name ? `“${field.name}”` : index + 1
  return `field ${name}, "${rest.join('.') || 'it'}": ${issue!.message}`
}
