/** Composition root: one core, served by any shell. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import {
  endpoints,
  type EndpointName,
  type EventName,
  type EventPayload,
  type ImageSize,
  type Reply
} from '../shared/contract'
import type { PageImageSize } from '../shared/contract/forms'
import { owner, type Caller } from './caller'
import { createContext, type Context, type CoreOptions } from './context'
import { openReader } from '../reading'
import { handlers } from './endpoints'
import { messageOf, NominaError } from '../shared/failure'
import { cropImage, pageImage, shownTemplate } from './forms/images'
import { refreshModels } from './installed'
import { closeProject } from './projects'
import { reviewerMay } from './reviewers'

export interface Core {
  /** Validates, runs and answers; never throws. */
  call(name: string, input: unknown, caller?: Caller): Promise<Reply<EndpointName>>
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
  /** @throws NominaError('not-found' | 'no-project') */
  image(fieldId: number, size: ImageSize): Promise<{ bytes: Buffer; type: string; etag: string }>
  /** @throws NominaError('not-found' | 'no-project' | 'unreadable') */
  pageImage(pageId: number, size: PageImageSize): Promise<{ bytes: Buffer; type: string; etag: string }>
  /** @throws NominaError('not-found' | 'no-project') */
  templateImage(templateId: number): Promise<{ bytes: Buffer; type: string; etag: string }>
  /** For shells without windows (the command line). */
  context: Context
  close(): Promise<void>
}

export type { CoreOptions } from './context'

export async function createCore(options: CoreOptions): Promise<Core> {
  const modelsFolder = join(options.dataDir, 'models')
  mkdirSync(modelsFolder, { recursive: true })
  const [shipped, ...others] = options.modelsDirs
  const modelsDirs = [...(shipped ? [shipped] : []), modelsFolder, ...others]
  const reader = openReader(options)
  const context = createContext({ ...options, modelsDirs }, reader.engine, reader.pages, modelsFolder)
  await refreshModels(context)
  return {
    call: (name, input, caller = owner) => answer(context, name, input, caller),
    on: (name, listener) => context.bus.on(name, listener),
    image: (fieldId, size) => cropImage(context, fieldId, size),
    pageImage: (pageId, size) => pageImage(context, pageId, size),
    templateImage: (templateId) => shownTemplate(context, templateId),
    context,
    async close() {
      await closeProject(context)
      await Promise.all([reader.close(), context.preferences.written().catch(logged)])
    }
  }
}

/** An input of a million faults costs as much as one of one. */
const firstFault = { abortEarly: true, abortPipeEarly: true } as const
/** Messages repeat what was sent. */
const LONGEST_MESSAGE = 500

async function answer(context: Context, name: string, input: unknown, caller: Caller): Promise<Reply<EndpointName>> {
  if (!Object.hasOwn(endpoints, name)) return failure('invalid-input', `There is no endpoint ${JSON.stringify(name)}.`)
  if (caller.role === 'reviewer' && !reviewerMay(name))
    return failure('refused', 'This is for whoever shares the project. Your link is for reviewing.')
  const endpoint = name as EndpointName
  const parsed = v.safeParse(endpoints[endpoint].input as v.GenericSchema, input, firstFault)
  if (!parsed.success) return failure('invalid-input', describeIssue(endpoint, parsed.issues[0]))
  try {
    const handler = handlers[endpoint] as (context: Context, input: unknown, caller: Caller) => unknown
    return { ok: true, value: (await handler(context, parsed.output, caller)) as never }
  } catch (error) {
    if (error instanceof NominaError) return failure(error.code, error.message)
    console.error(error)
    return failure('internal', messageOf(error))
  }
}

const logged = (error: unknown): void => console.error(messageOf(error))

const failure = (code: string, message: string): { ok: false; error: { code: string; message: string } } => ({
  ok: false,
  error: { code, message }
})

const describeIssue = (name: string, issue: v.BaseIssue<unknown>): string =>
  `${name}: ${v.getDotPath(issue) ?? 'input'}: ${issue.message.slice(0, LONGEST_MESSAGE)}`
